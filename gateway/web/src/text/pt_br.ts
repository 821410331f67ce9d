// Every text a person reads, in Brazilian Portuguese. Its type is what every other language must have.

export const ptBR = {
  locale: "pt-BR",
  /** What the button says that leads to the other language, in that language. */
  otherLanguage: "English",

  titles: { customer: "Cardápio · Comanda", barista: "Cozinha · Comanda", panel: "Painel · Comanda" },

  states: { received: "Recebido", preparing: "Em preparo", ready: "Pronto", collected: "Entregue", cancelled: "Cancelado" },

  connection: {
    connecting: "Conectando",
    live: "Ao vivo",
    reconnecting: (tries: number) => (tries > 0 ? `Reconectando (${tries})` : "Reconectando"),
    lostSince: (time: string) => `Sem conexão desde ${time}`,
    ended: "Encerrado",
    refused: "Sem acesso",
    offline: "Sem conexão com a loja",
    offlineDetail: "Tentamos de novo sozinhos. Se demorar, confira a internet deste aparelho.",
    held: "As novidades não estão passando",
    heldDetail:
      "A loja responde, mas algo no caminho, como um proxy, segura as novidades ao vivo. O que aparece pode estar velho. Avise a loja.",
    failed: "A loja não conseguiu responder",
    againIn: (seconds: number) => `Tentamos de novo em ${seconds} s.`,
    staleBoard: (time: string) => `Pode estar desatualizado: é o que sabíamos às ${time}.`,
  },

  errors: {
    /** Before the first digits of a trace's id, on the button that copies all of it. */
    code: "Código",
    network: "Não conseguimos falar com a loja. Confira a sua conexão.",
    unexpected: "Algo deu errado. Tente de novo.",
    access: "O código de acesso não foi aceito.",
  },

  /** By the word that the server has for it. */
  reasons: {
    DEPENDENCY_DOWN: "A loja está com um problema passageiro. Tentamos de novo sozinhos.",
    DRAINING: "A loja está com um problema passageiro. Tentamos de novo sozinhos.",
    ORDER_NOT_FOUND: "Não encontramos este pedido. Confira o link.",
    TICKET_NOT_FOUND: "Não encontramos este pedido. Confira o link.",
    PRODUCT_NOT_FOUND: "Um produto saiu do cardápio. Confira o seu pedido.",
    PRODUCT_SOLD_OUT: "Um produto do seu pedido esgotou. Confira o seu pedido.",
    PRICE_CHANGED: "Um preço mudou. Confira o novo total antes de pedir.",
    STATE_TRANSITION_FORBIDDEN: "O pedido já mudou de etapa.",
    REVISION_MISMATCH: "Outra pessoa mexeu neste pedido primeiro.",
    UNDO_WINDOW_CLOSED: "Já passou o tempo de desfazer.",
    REOPEN_WINDOW_CLOSED: "Já passou o tempo de reabrir este pedido.",
    RATE_LIMITED: "Muita gente daqui ao mesmo tempo.",
    FIELD_INVALID: "Há algo errado com os dados do pedido.",
    SHOP_NOT_FOUND: "Não encontramos esta loja. Confira o link.",
    SHOP_CLOSED: "A loja está fechada.",
    SHOP_PAUSED: "A loja não está recebendo pedidos no momento.",
    SHOP_BUSY: "A loja já tem todos os pedidos que consegue preparar. Tente de novo em alguns minutos.",
  },

  action: { close: "Fechar", back: "Voltar", tryNow: "Tentar agora", dismiss: "Dispensar", copied: "Copiado" },

  release: { isNew: "Há uma versão nova desta página.", show: "Atualizar" },

  menu: {
    loading: "Carregando o cardápio…",
    failed: "O cardápio não carregou",
    stale: (time: string) => `O cardápio é de ${time} e pode ter mudado.`,
    offline: (time: string) => `Sem conexão. O cardápio é de ${time}.`,
    empty: "O cardápio ainda está vazio",
    emptyDetail: "A loja ainda não publicou produtos. Pergunte no balcão.",
    categories: "Categorias",
    soldOut: "Esgotado",
    inBasket: (count: number) => `${count} no pedido`,
    follow: (number: string) => `Acompanhar o pedido ${number}`,
    ordersOver: (count: number) => (count === 1 ? "1 pedido de hoje já encerrado" : `${count} pedidos de hoje já encerrados`),
    orderOver: (number: string) => `Pedido ${number}`,
    contains: "Contém",
    add: (product: string) => `Adicionar ${product}`,
    missing: (products: string) => `Não entrou no pedido, porque não há mais: ${products}.`,
  },

  allergens: {
    gluten: "glúten",
    crustaceans: "crustáceos",
    eggs: "ovos",
    fish: "peixe",
    peanuts: "amendoim",
    soy: "soja",
    milk: "leite",
    nuts: "castanhas",
    celery: "aipo",
    mustard: "mostarda",
    sesame: "gergelim",
    sulphites: "sulfitos",
    lupin: "tremoço",
    molluscs: "moluscos",
    latex: "látex",
    other: "outro alergênico (pergunte no balcão)",
  },

  opening: {
    open: "Aberto",
    /** The day is empty for today. */
    openUntil: (time: string, day: string) => (day ? `Aberto até ${day}, ${time}` : `Aberto até ${time}`),
    closedUntil: (time: string, day: string) =>
      day ? `Fechado, abre ${day}, ${time}.` : time ? `Fechado, abre às ${time}.` : "Fechado.",
    tomorrow: "amanhã",
    onDay: (weekday: string, time: string) => `${weekday}, ${time}`,
    /** Either may be empty. */
    paused: (reason: string, until: string) =>
      `Pedidos pausados${reason && `: ${reason}`}.${until && ` Voltam às ${until}.`}`,
    browse: "Você já pode montar o seu pedido.",
    /** In minutes. */
    readyIn: (from: number, to: number) => (from === to ? `Pronto em ${to} min` : `Pronto em ${from} a ${to} min`),
  },

  search: {
    label: "Buscar no cardápio",
    found: (count: number, shown: number) => {
      if (count === 0) return "Nada encontrado. Tente outra palavra.";
      if (shown < count) return `${shown} de ${count} produtos. Escreva mais para achar o seu.`;
      return count === 1 ? "1 produto" : `${count} produtos`;
    },
  },

  shop: {
    unknown: "Loja não encontrada",
    unknownDetail: (slug: string) => `Não há loja com o endereço “${slug}”. Confira o link ou leia o código outra vez.`,
  },

  choice: {
    none: "Nenhuma",
    chooseExactly: (n: number) => (n === 1 ? "Escolha 1" : `Escolha ${n}`),
    chooseBetween: (min: number, max: number) => `Escolha de ${min} a ${max}`,
    chooseUpTo: (max: number) => (max === 1 ? "Opcional" : `Opcional, até ${max}`),
    tooFew: (n: number) => (n === 1 ? "Falta escolher 1." : `Faltam ${n} escolhas.`),
    tooMany: (max: number) => `No máximo ${max}.`,
    note: "Observação",
    allergy: "Alergia",
    placeholders: { note: "Ex.: sem açúcar", allergy: "Ex.: amendoim" },
    quickNotes: "Do seu jeito",
    quantity: "Quantidade",
    more: (product: string) => `Mais ${product}`,
    fewer: (product: string) => `Menos ${product}`,
    add: (price: string) => `Adicionar · ${price}`,
  },

  basket: {
    title: "Seu pedido",
    empty: "Seu pedido está vazio",
    emptyDetail: "Toque em um produto para começar.",
    open: (count: number) => (count === 1 ? "Ver pedido · 1 item" : `Ver pedido · ${count} itens`),
    addWish: { note: "Adicionar observação", allergy: "Informar alergia" },
    remove: (product: string) => `Remover ${product}`,
    total: "Total",
    gone: "Não está mais no cardápio",
    was: (price: string) => `antes ${price}`,
    changed: (seen: string, current: string) => `O preço mudou: ${seen} → ${current}`,
    fix: "Remova os itens indisponíveis para continuar.",
    full: "O pedido está cheio: no máximo 50 itens diferentes.",
  },

  /** Between the tap on "order" and the answer something has changed. */
  changes: {
    title: "O pedido mudou",
    detail: "Enquanto você pedia, a loja mudou isto:",
    accept: (price: string) => `Aceitar e pedir · ${price}`,
    remove: "Remover do pedido",
    review: "Rever o pedido",
  },

  checkout: {
    name: "Seu primeiro nome",
    nameMissing: "Diga o seu nome, para chamarmos você.",
    serviceMode: "Como prefere receber?",
    serviceModeMissing: "Diga como prefere receber.",
    takeAway: "Para viagem",
    atTable: "Na mesa",
    table: "Número da mesa",
    tableMissing: "Diga qual é a mesa.",
    tableIs: (table: string) => `Mesa ${table}`,
    otherTable: "Trocar a mesa",
    payment: "Pagamento",
    order: (price: string) => `Pedir · ${price}`,
    offline: "Você está sem conexão. O pedido fica guardado aqui até ela voltar.",
    kept: "O pedido fica guardado aqui.",
    sending: "Enviando o pedido…",
    retrying: "A resposta não chegou: tentando de novo…",
    retryingSafe: "Pode ficar tranquilo: o pedido não será feito duas vezes.",
    giveUp: "Desistir",
    giveUpWarning: "O pedido pode já ter sido recebido. Pergunte no balcão antes de pedir de novo.",
  },
};

export type Text = typeof ptBR;
