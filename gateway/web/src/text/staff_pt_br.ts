// What only the shop's own screens say, in Brazilian Portuguese: apart, so that customers need not load it.

export const staffPtBR = {
  access: {
    barista: "Conecte este tablet",
    panel: "Conecte este painel",
    status: "Conecte este aparelho",
    code: "Código de conexão",
    explanation: "Quem gerencia a loja cria um código na página Equipe, em Aparelhos. Digite-o aqui, ou cole o link inteiro.",
    malformed: "O código tem 8 letras e números. Confira e digite de novo.",
    enter: "Conectar",
    connecting: "Conectando este aparelho…",
    unsure: "A resposta não chegou. Tente de novo; se o código não servir mais, peça outro.",
    again: (seconds: number) => `Espere ${seconds} s.`,
    goOn: "Continuar como antes",
  },

  /** Where the browser does not call the address secure. */
  insecure: {
    lacks: "Neste endereço a tela pode apagar, e nada abre sem rede. O resto funciona.",
    mend: "Como resolver",
  },

  /** Of refusals that concern access, by the word that the server has for them. */
  reasons: {
    DEPENDENCY_DOWN: "Conectar e entrar não é possível agora: a parte do sistema que confere quem entra não responde. Tente de novo daqui a pouco.",
    DRAINING: "Conectar e entrar não é possível agora: a parte do sistema que confere quem entra não responde. Tente de novo daqui a pouco.",
    PAIRING_REFUSED: "Este código não serve: não existe, já foi usado ou venceu. Peça outro na página Equipe.",
    SIGN_IN_REFUSED: "Não confere. Tente de novo.",
    SIGN_IN_SLOWED: "Foram muitas tentativas erradas.",
    TOKEN_EXPIRED: "O acesso deste aparelho venceu. Conecte-o de novo com um código novo.",
    TOKEN_REVOKED: "O acesso deste aparelho foi encerrado. Para usá-lo de novo, peça um código novo na página Equipe.",
    TOKEN_INVALID: "Este aparelho não está conectado a esta loja. Peça um código na página Equipe.",
    SHOP_NOT_FOUND: "Este aparelho não está conectado a esta loja. Peça um código na página Equipe.",
    ROLE_REQUIRED: "Este acesso não abre esta tela. Peça um código próprio para ela na página Equipe.",
  },

  reason: { other: "Motivo" },

  options: {
    title: "Opções",
    sending: "Enviando…",
    layout: "Quadro",
    grid: "Em grade",
    lanes: "Em colunas",
    theme: "Cores",
    auto: "Do aparelho",
    light: "Dia",
    dark: "Noite",
    sound: "Som",
    soundOn: "Ligado",
    soundOff: "Mudo",
    keys: "Letras e números do teclado",
    keysOn: "Funcionam",
    keysOff: "Desligados",
  },

  keys: {
    open: "Teclas",
    arrows: "escolhem um pedido",
    digits: "do primeiro ao nono pedido da tela",
    enter: "passa o pedido escolhido adiante",
    mute: "tira e devolve o som",
    help: "mostra esta ajuda",
  },

  cancel: {
    open: "Cancelar pedido",
    title: (number: string) => `Cancelar o pedido ${number}?`,
    explanation: "O cliente lê o motivo. Não dá para voltar atrás.",
    reasons: ["Um produto acabou", "O cliente desistiu", "Pedido repetido"],
    yes: "Cancelar pedido",
  },

  person: {
    title: "Quem está trabalhando?",
    explanation: "Toque no seu nome. O que você fizer neste tablet fica com o seu nome.",
    loading: "Buscando os nomes…",
    noPeople: "Ninguém desta loja tem PIN ainda. A página Equipe é onde se cadastra.",
    noOthers: "Ninguém mais tem PIN nesta loja.",
    ownBrowser: (name: string) => `Este navegador é de ${name}: tudo aqui já fica com esse nome.`,
    now: (name: string) => `${name} está trabalhando aqui.`,
    leave: "Sair",
    pinOf: (name: string) => `PIN de ${name}`,
    pin: "PIN de 4 a 8 números",
    digits: "Números",
    erase: "Apagar",
    enter: "Entrar",
    wrong: "O PIN não confere. Tente de novo.",
    away: "Não é possível entrar agora: a parte do sistema que confere quem entra não responde. O quadro continua funcionando, em nome deste tablet.",
    disconnect: "Desconectar este tablet",
    disconnectQuestion: "Desconectar este tablet? Para voltar, é preciso um código novo da página Equipe.",
    disconnectYes: "Desconectar",
  },

  stock: {
    open: "Cardápio",
    title: "Cardápio: o que esgotou",
    soldOut: "Esgotado",
    available: "Disponível",
    howLong: "O que eu marcar fica esgotado",
    forToday: "só hoje",
    untilBack: "até eu reativar",
    again: (time: string) => `volta ${time}`,
    done: {
      available: (product: string) => `${product}: disponível`,
      today: (product: string) => `${product}: esgotado por hoje`,
      until: (product: string) => `${product}: esgotado`,
    },
    failed: (product: string, reason: string) => `${product}: ${reason}`,
  },

  pause: {
    open: "Pausar",
    title: "Pausar os pedidos",
    explanation: "Os clientes continuam vendo o cardápio, mas não conseguem pedir.",
    reason: "Motivo (os clientes leem)",
    reasonPlaceholder: "Ex.: muitos pedidos agora",
    howLong: "Por quanto tempo?",
    minutes: (n: number) => `${n} min`,
    untilEnded: "até eu retomar, ou até o fim do dia",
    forgotten: "A loja já abriu e continua pausada!",
    begin: "Pausar agora",
    /** Either may be empty. */
    on: (reason: string, until: string, orEnded: boolean) => {
      const end = orEnded && until ? ` até alguém retomar, no máximo até ${until}` : until ? ` até ${until}` : " até alguém retomar";
      return `Pedidos pausados${end}${reason && `: ${reason}`}`;
    },
    resume: "Retomar",
    /** The name may be empty. */
    otherFirst: (person: string) => `${person || "Outra pessoa"} mudou a loja antes. Confira como está agora e tente de novo.`,
  },

  status: {
    details: "Detalhes",
    title: "Sistema",
    loading: "Perguntando como está tudo…",
    away: "O gateway não responde.",
    help: "Veja se o programa está rodando e se este aparelho tem rede. Continuamos tentando.",
    awaySince: (time: string) => `O gateway não responde desde ${time}`,
    failedSince: (time: string) => `Ninguém consegue dizer como está desde ${time}`,
    before: "Como estava antes",
    overall: {
      good: "Está tudo em ordem",
      note: "Está tudo em ordem",
      warning: "Algo pede atenção",
      alarm: "Algo precisa de conserto agora",
    },
    levels: { good: "Certo", note: "Saiba", warning: "Atenção", alarm: "Conserte já" },
    findings: "O que foi encontrado",
    processes: "O que está rodando",
    since: (version: string, host: string, time: string) => `Versão ${version} em ${host}, desde ${time}`,
    zones: (edition: string) => `Fusos horários de ${edition}`,
    calls: "Chamadas por segundo",
    errors: "Falhas por segundo",
    streams: "Transmissões abertas",
    schema: (name: string) => `esquema ${name}`,
    waiting: (count: number) => `eventos à espera: ${count}`,
    estimates: (kept: number, said: number) => `prontos no prazo dito: ${kept} de ${said}`,
    dead: (count: number) => `mensagens mortas: ${count}`,
    certificate: (name: string, time: string) => `O certificado de ${name} vence em ${time}`,
    recentErrors: (count: number) => `Últimos avisos (${count})`,
  },

  panel: {
    empty: "Nenhum pedido agora",
    emptyDetail: "Os números aparecem aqui assim que alguém pede.",
    nonePreparing: "Nada em preparo",
    noneReady: "Nada para retirar",
    page: (page: number, pages: number, count: number) => `${page}/${pages} · ${count} ao todo`,
    called: (number: string, name: string) => `Pronto: ${number} ${name}.`,
    orderHere: "Peça pelo celular",
    allowSound: "Ativar som",
  },
};

export type StaffText = typeof staffPtBR;
