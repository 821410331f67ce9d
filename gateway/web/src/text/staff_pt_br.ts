// What only the shop's own screens say, in Brazilian Portuguese: apart, so that customers need not load it.

export const staffPtBR = {
  token: {
    barista: "Código de acesso da equipe",
    panel: "Código de acesso do painel",
    explanation: "Abra o link completo que a loja recebeu, ou cole aqui o código de acesso.",
    enter: "Entrar",
    leave: "Trocar código",
  },

  board: {
    title: "Cozinha",
    loading: "Carregando os pedidos…",
    empty: "Nenhum pedido na fila",
    updated: (time: string) => `Atualizado às ${time}`,
    emptyColumn: "Nada aqui",
    note: "Observação:",
    allergy: "ALERGIA:",
    start: "Iniciar",
    ready: "Pronto",
    collect: "Entregar",
    acknowledge: "Ciente",
    pending: "Enviando…",
    takeAway: "Viagem",
    table: (table: string) => `Mesa ${table}`,
    age: {
      ok: (minutes: number) => (minutes < 1 ? "agora" : `há ${minutes} min`),
      warn: (minutes: number) => `Atenção: ${minutes} min`,
      late: (lateBy: number) => (lateBy < 1 ? "Atrasado" : `Atrasado ${lateBy} min`),
      ready: (minutes: number) => (minutes < 1 ? "Pronto agora" : `Pronto há ${minutes} min`),
    },
    fromEarlierDay: "De um dia anterior: termine ou cancele",
    stepDone: (number: string, state: string) => `Pedido ${number}: ${state}`,
    undo: "Desfazer",
    failed: (number: string, reason: string) => `Pedido ${number}: ${reason}`,
    unsure: "Sem resposta. Confira o quadro antes de tocar de novo.",
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
    otherFirst: "Outra pessoa mudou a loja antes. Confira como está agora e tente de novo.",
  },

  stations: {
    shown: "Estações",
    all: "Todas",
    elsewhere: (stations: string) => `(em ${stations})`,
    /** Of the tablet's own lines; the others are still open. */
    done: "Pronto aqui",
    waitsFor: (stations: string) => `Aguardando ${stations}`,
    linesDone: (number: string, lines: number) => `Pedido ${number}: ${lines === 1 ? "1 item pronto" : `${lines} itens prontos`}`,
  },

  status: {
    title: "Sistema",
    loading: "Perguntando como está tudo…",
    away: "O gateway não responde. Veja se o programa está rodando e se este aparelho tem rede. Continuamos tentando.",
    old: (time: string) => `O gateway não responde desde ${time}. Era assim antes.`,
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
    dead: (count: number) => `mensagens mortas: ${count}`,
    certificate: (name: string, time: string) => `O certificado de ${name} vence em ${time}`,
    recentErrors: (count: number) => `Últimos avisos (${count})`,
  },

  panel: {
    empty: "Nenhum pedido agora",
    emptyDetail: "Os números aparecem aqui assim que alguém pede.",
    nonePreparing: "Nada em preparo",
    noneReady: "Nada para retirar",
    more: (n: number) => `+ ${n}`,
  },
};

export type StaffText = typeof staffPtBR;
