// Every text a person reads. Another language is another object of the same type.

export const ptBR = {
  locale: "pt-BR",

  states: { received: "Recebido", preparing: "Em preparo", ready: "Pronto", collected: "Entregue", cancelled: "Cancelado" },

  connection: {
    connecting: "Conectando",
    live: "Ao vivo",
    reconnecting: "Reconectando",
    lostSince: (time: string) => `Sem conexão desde ${time}`,
    ended: "Encerrado",
    refused: "Sem acesso",
  },

  errors: {
    network: "Não conseguimos falar com a loja. Confira a sua conexão.",
    unexpected: "Algo deu errado. Tente de novo.",
    access: "O código de acesso não foi aceito.",
    orderNotFound: "Não encontramos este pedido. Confira o link.",
    productNotFound: "Um produto saiu do cardápio. Confira o seu pedido.",
    soldOut: "Um produto do seu pedido esgotou. Confira o seu pedido.",
    priceChanged: "Um preço mudou. Confira o novo total antes de pedir.",
    stateForbidden: "O pedido já mudou de etapa.",
    revisionMismatch: "Outra pessoa mexeu neste pedido primeiro.",
    undoClosed: "Já passou o tempo de desfazer.",
    invalid: "Há algo errado com os dados do pedido.",
  },

  action: { close: "Fechar", back: "Voltar", tryNow: "Tentar agora", dismiss: "Dispensar" },

  menu: {
    loading: "Carregando o cardápio…",
    failed: "O cardápio não carregou. Tentando de novo…",
    stale: "O cardápio pode estar desatualizado.",
    empty: "O cardápio ainda está vazio.",
    soldOut: "Esgotado",
    inBasket: (count: number) => `${count} no pedido`,
    follow: (number: string) => `Acompanhar o pedido ${number}`,
  },

  choice: {
    none: "Nenhuma",
    chooseExactly: (n: number) => (n === 1 ? "Escolha 1" : `Escolha ${n}`),
    chooseBetween: (min: number, max: number) => `Escolha de ${min} a ${max}`,
    chooseUpTo: (max: number) => (max === 1 ? "Opcional" : `Opcional, até ${max}`),
    tooFew: (n: number) => (n === 1 ? "Falta escolher 1." : `Faltam ${n} escolhas.`),
    tooMany: (max: number) => `No máximo ${max}.`,
    note: "Observação",
    notePlaceholder: "Ex.: sem açúcar",
    quantity: "Quantidade",
    more: (product: string) => `Mais ${product}`,
    fewer: (product: string) => `Menos ${product}`,
    add: (price: string) => `Adicionar · ${price}`,
  },

  basket: {
    title: "Seu pedido",
    empty: "Toque em um produto para começar.",
    open: (count: number) => (count === 1 ? "Ver pedido · 1 item" : `Ver pedido · ${count} itens`),
    addNote: "Adicionar observação",
    remove: (product: string) => `Remover ${product}`,
    total: "Total",
    gone: "Não está mais no cardápio",
    was: (price: string) => `antes ${price}`,
    fix: "Remova os itens indisponíveis para continuar.",
    full: "O pedido está cheio: no máximo 50 itens diferentes.",
  },

  checkout: {
    name: "Seu primeiro nome",
    nameMissing: "Diga o seu nome, para chamarmos você.",
    serviceMode: "Como prefere receber?",
    takeAway: "Para viagem",
    atTable: "Na mesa",
    table: "Número da mesa",
    tableMissing: "Diga qual é a mesa.",
    order: (price: string) => `Pedir · ${price}`,
    sending: "Enviando o pedido…",
    retrying: "A resposta não chegou: tentando de novo…",
    retryingSafe: "Pode ficar tranquilo: o pedido não será feito duas vezes.",
    giveUp: "Desistir",
    giveUpWarning: "O pedido pode já ter sido recebido. Pergunte no balcão antes de pedir de novo.",
  },

  follow: {
    heading: "Pedido",
    loading: "Procurando o seu pedido…",
    brokenLink: "Este link está incompleto. Abra o link do seu pedido outra vez.",
    progress: "Andamento do pedido",
    hint: {
      received: "A cozinha já vai começar.",
      preparing: "Estamos preparando o seu pedido.",
      ready: "Pode retirar no balcão.",
      readyAtTable: "Já vamos levar à sua mesa.",
      collected: "Bom proveito!",
      cancelled: "Este pedido foi cancelado.",
    },
    reason: (reason: string) => `Motivo: ${reason}`,
    table: (table: string) => `Mesa ${table}`,
    cancel: "Cancelar pedido",
    cancelQuestion: "Cancelar este pedido?",
    cancelExplanation: "Isso só é possível enquanto o preparo não começou.",
    cancelYes: "Sim, cancelar",
    cancelNo: "Não, manter",
    cancelling: "Cancelando…",
    cancelReason: "Desistência do cliente",
    again: "Fazer outro pedido",
    pageTitle: (number: string, state: string) => `${number} · ${state}`,
  },

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
    emptyColumn: "Nenhum pedido",
    start: "Iniciar",
    ready: "Pronto",
    collect: "Entregar",
    acknowledge: "Ciente",
    pending: "Enviando…",
    takeAway: "Viagem",
    table: (table: string) => `Mesa ${table}`,
    age: (minutes: number) => (minutes < 1 ? "agora" : `há ${minutes} min`),
    stepDone: (number: string, state: string) => `Pedido ${number}: ${state}`,
    undo: "Desfazer",
    failed: (number: string, reason: string) => `Pedido ${number}: ${reason}`,
    unsure: "Sem resposta. Confira o quadro antes de tocar de novo.",
  },

  stock: { open: "Cardápio", title: "Cardápio: o que esgotou", soldOut: "Esgotado", available: "Disponível" },

  panel: { preparing: "Em preparo", ready: "Pronto", none: "Nenhum pedido", more: (n: number) => `+ ${n}` },
};

export type Text = typeof ptBR;

export const text: Text = ptBR;
