// What the kitchen's board says before any dialog is opened, in Brazilian Portuguese.

export const boardPtBR = {
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
    takeAway: "Viagem",
    table: (table: string) => `Mesa ${table}`,
    age: {
      /** Before a stopwatch, for those who only listen. */
      waits: "há",
      ready: "pronto há",
      warn: "Atenção",
      late: (lateBy: number) => (lateBy < 1 ? "Atrasado" : `Atrasado ${lateBy} min`),
    },
    menu: "Opções",
    /** Who works at the tablet. */
    works: "Quem trabalha aqui:",
    signIn: "Entrar",
    lateOnes: "Atrasados",
    fromEarlierDay: "De um dia anterior: termine ou cancele",
    stepDone: (number: string, state: string) => `Pedido ${number}: ${state}`,
    undo: "Desfazer",
    /** After a button's word, for those who only listen. */
    ofOrder: (number: string) => `pedido ${number}`,
    /** Not answered by the shop yet. */
    waits: "pendente",
    waiting: (taps: number) => (taps === 1 ? "1 toque pendente: vai quando a conexão voltar." : `${taps} toques pendentes: vão quando a conexão voltar.`),
    buildsOnRefused: "O passo anterior não foi aceito, e este também não.",
    failed: (number: string, reason: string) => `Pedido ${number}: ${reason}`,
    unsure: "Sem resposta. Confira o quadro antes de tocar de novo.",
    /** By the state that the other person brought the order to. */
    first: {
      ORDER_STATE_RECEIVED: (person: string) => `${person} já desfez este passo.`,
      ORDER_STATE_PREPARING: (person: string) => `${person} já iniciou.`,
      ORDER_STATE_READY: (person: string) => `${person} já marcou como pronto.`,
      ORDER_STATE_COLLECTED: (person: string) => `${person} já entregou.`,
      ORDER_STATE_CANCELLED: (person: string) => `${person} já cancelou.`,
    },
  },

  news: {
    new: (number: string, items: number) => `Novo pedido ${number}: ${items === 1 ? "1 item" : `${items} itens`}`,
    changed: (number: string, _items: number) => `O pedido ${number} mudou`,
    cancelled: (number: string, _items: number) => `O pedido ${number} foi cancelado`,
  },

  shift: {
    /** Followed by its name. */
    begin: "Iniciar",
    name: "turno",
    mute: "Sem som",
    end: "Encerrar turno",
    lacks: {
      sound: "Os pedidos novos não vão tocar som.",
      awake: "A tela pode apagar.",
      full: "O quadro não ocupa a tela inteira.",
    },
    refused: "O navegador não permitiu; o quadro funciona assim mesmo.",
    missing: "Este navegador não tem como; o quadro funciona assim mesmo.",
    insecure: "A página veio por http simples, e ali os navegadores não oferecem isso; o quadro funciona assim mesmo.",
  },

  side: { open: "Totais e recentes", totals: "A preparar", nothing: "Nada a preparar agora." },

  stations: {
    shown: "Estações",
    /** Who watches over all of them. */
    expediter: "Expedição",
    progress: (station: string, done: number, all: number) => `${station}: ${done} de ${all}`,
    open: "Estações deste tablet",
    explanation: "Sem nenhuma marcada, o tablet mostra tudo.",
    all: "Todas",
    elsewhere: (stations: string) => `(em ${stations})`,
    /** Of the tablet's own lines; the others are still open. */
    done: "Pronto aqui",
    waitsFor: (stations: string) => `Aguardando ${stations}`,
    linesDone: (number: string, lines: number) => `Pedido ${number}: ${lines === 1 ? "1 item pronto" : `${lines} itens prontos`}`,
  },

  ticket: {
    open: "Mais:",
    title: (number: string, name: string) => `Pedido ${number} · ${name}`,
    accepted: (time: string) => `aceito às ${time}`,
  },

  recent: {
    title: "Recentes",
    none: "Nada entregue hoje",
    noneDetail: "O que este tablet vir ser entregue aparece aqui até o fim do dia.",
    reopen: "Reabrir",
    question: (number: string) => `Reabrir o pedido ${number}?`,
    explanation: "O pedido volta ao quadro como pronto, e o cliente vê isso.",
    reasons: ["Entregue por engano", "Faltou um item"],
  },
};

export type BoardText = typeof boardPtBR;
