//! `comanda config`: what is in force, and what there is to configure. Both come from the definitions of the flags.

use crate::cli::Cli;
use clap::{Arg, ArgMatches, Command, CommandFactory, parser::ValueSource};
use std::fmt::Write;
use url::Url;

const INTRODUCTION: &str = "\
# Configuration

Each setting is a flag or an environment variable; a flag wins. The program refuses to start when
one is wrong, and names it. `comanda config` prints what is in force, with secrets hidden. Secrets
and URLs with passwords can be files too (`…_FILE`). This page is made by `comanda config
--reference`; a test holds it current.
";

/// What is in force, one setting a line: the variable, its value, and where that comes from.
pub fn in_force(matches: &ArgMatches) -> String {
    let command = Cli::command();
    let settings = settings(&command).map(|(variable, argument)| {
        let id = argument.get_id().as_str();
        let value = matches
            .get_raw(id)
            .map(|values| values.map(|value| value.to_string_lossy().into_owned()).collect::<Vec<_>>().join(","));
        let source = match matches.value_source(id) {
            Some(ValueSource::CommandLine) => "flag",
            Some(ValueSource::EnvVariable) => "variable",
            Some(_) => "default",
            None => "not set",
        };
        let value = value.map_or_else(String::new, |value| shown(argument, &value));
        format!("{variable:<38} {source:<9} {value}").trim_end().to_owned()
    });
    settings.collect::<Vec<_>>().join("\n")
}

/// What there is to configure, as Markdown.
pub fn reference() -> String {
    let (command, mut page) = (Cli::command(), INTRODUCTION.to_owned());
    let mut readers = Vec::new();
    for (_, argument) in settings(&command) {
        if !readers.contains(&argument.get_help_heading()) {
            readers.push(argument.get_help_heading());
        }
    }
    for reader in readers {
        let _ = write!(page, "\n## {}\n\n", reader.unwrap_or("Every process"));
        let of_reader = settings(&command).filter(|(_, argument)| argument.get_help_heading() == reader);
        for (variable, argument) in of_reader {
            let default = argument.get_default_values().iter().map(|value| value.to_string_lossy());
            let default = default.collect::<Vec<_>>().join(",");
            let help = argument.get_help().map(ToString::to_string).unwrap_or_default();
            let default = match (default.as_str(), help.contains("[default:")) {
                (_, true) => String::new(),
                ("false" | "", false) => " [default: none]".to_owned(),
                (default, false) => format!(" [default: {default}]"),
            };
            let flag = argument.get_long().unwrap_or_default();
            page.push_str(&item(&format!("`{variable}` (`--{flag}`): {help}.{default}")));
        }
    }
    page
}

/// A list item, wrapped at 100 columns.
fn item(text: &str) -> String {
    let (mut lines, mut line) = (String::new(), "-".to_owned());
    for word in text.split_whitespace() {
        if line.chars().count() + 1 + word.chars().count() > 100 {
            lines.push_str(&line);
            lines.push('\n');
            line = " ".to_owned();
        }
        line.push(' ');
        line.push_str(word);
    }
    lines + &line + "\n"
}

/// All settings that are variables, in the order of the help.
fn settings(command: &Command) -> impl Iterator<Item = (String, &Arg)> {
    let settings = command.get_arguments().filter_map(|argument| Some((argument.get_env()?, argument)));
    settings.map(|(variable, argument)| (variable.to_string_lossy().into_owned(), argument))
}

/// A secret is hidden; of a URL only its password.
fn shown(argument: &Arg, value: &str) -> String {
    if !argument.is_hide_env_values_set() {
        return value.to_owned();
    }
    let without_password = |text: &str| {
        let mut url = Url::parse(text.trim()).ok().filter(|_| text.contains("://"))?;
        if url.password().is_some() {
            url.set_password(Some("hidden")).ok()?;
        }
        Some(url.to_string())
    };
    let parts = value.split(',').map(without_password).collect::<Option<Vec<_>>>();
    match parts {
        Some(urls) => urls.join(","),
        None if value.starts_with("sqlite:") || value == "memory:" => value.to_owned(),
        None => "hidden".to_owned(),
    }
}
