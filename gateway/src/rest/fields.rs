//! The Portuguese names of the fields that refusals speak of, in violations and in metadata. Must know every field of the
//! requests that REST makes.

/// The path of a field of the contracts as a path of the REST face: `lines[0].quantity` is `itens[0].quantidade`.
pub fn portuguese(path: &str) -> String {
    // Take-away or a table is a message of its own in the contract and one field here.
    if path.split('.').next() == Some("service_mode") {
        return "mesa".to_owned();
    }
    path.split('.').map(segment).collect::<Vec<_>>().join(".")
}

fn segment(segment: &str) -> String {
    let (name, index) = segment.split_at(segment.find('[').unwrap_or(segment.len()));
    let name = match name {
        "request_id" => "Idempotency-Key",
        "order_id" => "id",
        "shop_id" => "loja",
        "customer_name" => "cliente",
        "lines" => "itens",
        "product_id" => "produto_id",
        "quantity" => "quantidade",
        "option_ids" => "opcoes",
        "note" => "observacao",
        "allergy" => "alergia",
        "seen_unit_price" => "preco_visto",
        "currency_code" => "moeda",
        "minor_units" => "centavos",
        "name" => "nome",
        "seen" => "visto",
        "current" => "atual",
        "opens_time" => "abre_em",
        "until_time" => "volta_em",
        "reason" => "explicacao",
        "left_out" => "omitidos",
        other => other,
    };
    format!("{name}{index}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_keeps_its_indexes_and_changes_its_names() {
        let cases = [
            ("lines[0].quantity", "itens[0].quantidade"),
            ("lines[12].option_ids[3]", "itens[12].opcoes[3]"),
            ("lines[1].seen_unit_price.currency_code", "itens[1].preco_visto.moeda"),
            ("lines", "itens"),
            ("customer_name", "cliente"),
            ("service_mode.at_table.table", "mesa"),
            ("request_id", "Idempotency-Key"),
            ("lines[3].name", "itens[3].nome"),
            ("opens_time", "abre_em"),
            ("new_field[2]", "new_field[2]"),
            ("", ""),
        ];
        for (contract, rest) in cases {
            assert_eq!(portuguese(contract), rest);
        }
    }
}
