// What the page says by which a device learns to trust the shop, in Brazilian Portuguese.

export const trustPtBR = {
  page: {
    title: "Aparelhos da equipe",
    loading: "Buscando o endereço da loja…",
    failed: "A loja não respondeu",
    why: "Na cozinha e no painel, a tela precisa ficar acesa e o trabalho seguir mesmo sem rede. O navegador só permite isso em um endereço protegido, que nesta rede é a própria loja quem atesta. Por isso, cada aparelho da equipe precisa confiar na loja, uma vez.",
    customers: "Clientes não precisam fazer nada.",
    trusted: "Este aparelho já confia na loja",
  },

  here: {
    title: "Abra esta página no aparelho",
    steps: (address: string) => `Leia o QR code com a câmera do aparelho, ou abra nele ${address}`,
    qr: (address: string) => `QR code que abre ${address}`,
  },

  download: {
    title: "Baixe o certificado da loja",
    button: "Baixar o certificado",
    fingerprint: "Impressão digital (SHA-256)",
    compare: "Confira no aparelho: é a mesma que o programa mostrou ao abrir a loja.",
    bounds: "Ele só vale para nomes que terminam em .local e para endereços de redes privadas. Nenhum outro site pode usá-lo.",
  },

  install: { title: "Diga ao aparelho para confiar nele" },

  platforms: {
    android: {
      name: "Android",
      steps: [
        "Abra as Configurações do aparelho e procure por “certificado CA”. Em geral fica em Segurança → Criptografia e credenciais → Instalar um certificado → Certificado CA.",
        "Toque em “Instalar assim mesmo” e escolha o arquivo ca.crt, na pasta Download. Se o aparelho não tem bloqueio de tela, ele pede que você crie um.",
        "O aviso “a rede pode ser monitorada”, que fica depois nas notificações, fala deste certificado.",
      ],
    },
    ios: {
      name: "iPhone e iPad",
      steps: [
        "Baixe o certificado pelo Safari e toque em Permitir.",
        "Abra Ajustes → Perfil Baixado e toque em Instalar. Se não aparecer: Geral → VPN e Gerenciamento de Dispositivo.",
        "Abra Ajustes → Geral → Sobre → Certificados Confiáveis e ligue o que começa com “Comanda LAN”.",
      ],
    },
    windows: {
      name: "Windows",
      steps: [
        "Abra o arquivo ca.crt e clique em “Instalar Certificado…”. Escolha “Usuário Atual”.",
        "Escolha “Colocar todos os certificados no repositório a seguir” e, em Procurar, “Autoridades de Certificação Raiz Confiáveis”.",
        "Confirme, feche o navegador e abra-o de novo.",
      ],
    },
    macos: {
      name: "Mac",
      steps: [
        "Abra o arquivo ca.crt: ele entra no app Acesso às Chaves.",
        "Dê dois cliques no certificado que começa com “Comanda LAN” e abra Confiar.",
        "Em “Ao usar este certificado”, escolha “Confiar Sempre”, feche a janela e digite a sua senha.",
      ],
    },
    chrome: {
      name: "ChromeOS e Linux",
      steps: [
        "No Chrome ou Chromium, abra chrome://certificate-manager e entre em “Certificados locais”, “Instalado por você”.",
        "Em “Certificados confiáveis”, clique em Importar e escolha o arquivo ca.crt.",
        "Em versões antigas: chrome://settings/certificates, aba Autoridades, Importar, e marque “Confiar neste certificado para identificar sites”.",
      ],
    },
    firefox: {
      name: "Firefox, em qualquer computador",
      steps: [
        "Abra Configurações → Privacidade e segurança → Ver certificados → Autoridades.",
        "Clique em Importar, escolha o arquivo ca.crt e marque “Confiar nesta CA para identificar sites”.",
      ],
    },
  },

  open: {
    title: "Abra a tela pelo endereço protegido",
    barista: "Cozinha",
    panel: "Painel",
    team: "Equipe",
    byAddress: (address: string) => `Se o aparelho não encontrar o nome, use ${address}`,
    again: "Um aparelho que já estava conectado por outro endereço pede um código novo.",
  },
};

export type TrustText = typeof trustPtBR;
