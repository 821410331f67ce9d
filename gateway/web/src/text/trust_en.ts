// What the page says by which a device learns to trust the shop, in English.

import type { TrustText } from "./trust_pt_br.ts";

export const trustEn: TrustText = {
  page: {
    title: "Staff devices",
    loading: "Fetching the shop’s address…",
    failed: "The shop did not answer",
    why: "In the kitchen and on the panel the screen must stay on, and work must go on without a network. Browsers allow that only at a protected address, and in this network it is the shop itself that vouches for it. So each staff device has to trust the shop, once.",
    customers: "Customers need not do anything.",
    trusted: "This device trusts the shop already",
  },

  here: {
    title: "Open this page on the device",
    steps: (address) => `Scan the QR code with the device’s camera, or open on it ${address}`,
    qr: (address) => `QR code that opens ${address}`,
  },

  download: {
    title: "Download the shop’s certificate",
    button: "Download the certificate",
    fingerprint: "Fingerprint (SHA-256)",
    compare: "Check it on the device: it is the one that the program showed when the shop was opened.",
    bounds: "It is good only for names that end in .local and for addresses of private networks. No other site can use it.",
  },

  install: { title: "Tell the device to trust it" },

  platforms: {
    android: {
      name: "Android",
      steps: [
        "Open the device’s Settings and search for “CA certificate”. It is usually in Security → Encryption & credentials → Install a certificate → CA certificate.",
        "Tap “Install anyway” and choose the file ca.crt in the Download folder. A device without a screen lock asks you to set one.",
        "The notice “network may be monitored”, which stays in the notifications, is about this certificate.",
      ],
    },
    ios: {
      name: "iPhone and iPad",
      steps: [
        "Download the certificate with Safari and tap Allow.",
        "Open Settings → Profile Downloaded and tap Install. If it is not there: General → VPN & Device Management.",
        "Open Settings → General → About → Certificate Trust Settings and turn on the one that begins with “Comanda LAN”.",
      ],
    },
    windows: {
      name: "Windows",
      steps: [
        "Open the file ca.crt and click “Install Certificate…”. Choose “Current User”.",
        "Choose “Place all certificates in the following store” and, under Browse, “Trusted Root Certification Authorities”.",
        "Confirm, close the browser and open it again.",
      ],
    },
    macos: {
      name: "Mac",
      steps: [
        "Open the file ca.crt: it goes to the app Keychain Access.",
        "Double-click the certificate that begins with “Comanda LAN” and open Trust.",
        "At “When using this certificate” choose “Always Trust”, close the window and type your password.",
      ],
    },
    chrome: {
      name: "ChromeOS and Linux",
      steps: [
        "In Chrome or Chromium, open chrome://certificate-manager and go to “Local certificates”, “Installed by you”.",
        "Under “Trusted certificates” click Import and choose the file ca.crt.",
        "In old versions: chrome://settings/certificates, tab Authorities, Import, and tick “Trust this certificate for identifying websites”.",
      ],
    },
    firefox: {
      name: "Firefox, on any computer",
      steps: [
        "Open Settings → Privacy & Security → View Certificates → Authorities.",
        "Click Import, choose the file ca.crt and tick “Trust this CA to identify websites”.",
      ],
    },
  },

  open: {
    title: "Open the screen at the protected address",
    barista: "Kitchen",
    panel: "Panel",
    team: "Staff",
    byAddress: (address) => `If the device does not find the name, use ${address}`,
    again: "A device that was connected at another address asks for a new code.",
  },
};
