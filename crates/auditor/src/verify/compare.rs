use diesel::sql_types::{Array, BigInt, Jsonb, Nullable, Text};
use diesel_async::{AsyncPgConnection, RunQueryDsl as _};
use futures::TryStreamExt as _;
use serde_json::{Map, Value};

use super::{
    Difference, Responsible,
    motion::Motion,
    tables::{self, COMPARED, Columns, Compared},
};
use crate::{Listed, rebuild::quoted};

/// A row that differs.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub table: &'static str,
    /// The names of its key's columns.
    key: Vec<String>,
    pub owners: Vec<String>,
    live: Option<Map<String, Value>>,
    rebuilt: Option<Map<String, Value>>,
}

#[derive(diesel::QueryableByName)]
struct Pair {
    #[diesel(sql_type = Array<Text>)]
    owners: Vec<String>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    live: Option<Value>,
    #[diesel(sql_type = Nullable<Jsonb>)]
    rebuilt: Option<Value>,
}

#[derive(diesel::QueryableByName)]
struct Count {
    #[diesel(sql_type = BigInt)]
    rows: i64,
}

/// Every row that differs and whose owners are not in motion, and how many rows the live tables have.
/// The database joins both sides by their keys and sends only what differs.
pub(super) async fn all(
    conn: &mut AsyncPgConnection,
    live: &str,
    rebuilt: &str,
    motion: &Motion,
    most: usize,
) -> anyhow::Result<(Listed<Row>, u64)> {
    let columns = tables::columns(conn, rebuilt).await?;
    let (mut differing, mut rows) = (Listed::default(), 0);
    for table in &COMPARED {
        let Some(columns) = columns.get(table.name) else { continue };
        let count: Count = diesel::sql_query(format!(
            "SELECT count(*) AS rows FROM {}.{}",
            quoted(live),
            quoted(table.name)
        ))
        .get_result(conn)
        .await?;
        rows += count.rows.cast_unsigned();
        let query = diesel::sql_query(query(table, columns, live, rebuilt));
        let mut pairs = query.load_stream::<Pair>(conn).await?;
        while let Some(pair) = pairs.try_next().await? {
            if pair.owners.iter().any(|owner| motion.has(owner)) {
                continue;
            }
            if differing.shown.len() < most {
                differing.shown.push(Row {
                    table: table.name,
                    key: columns.key.iter().map(|name| name.trim_matches('"').to_owned()).collect(),
                    owners: pair.owners,
                    live: object(pair.live),
                    rebuilt: object(pair.rebuilt),
                });
            }
            differing.total += 1;
        }
    }
    Ok((differing, rows))
}

fn query(table: &Compared, columns: &Columns, live: &str, rebuilt: &str) -> String {
    let (live, rebuilt) = (quoted(live), quoted(rebuilt));
    let name = quoted(table.name);
    let list = |side: &str| {
        columns.all.iter().map(|column| format!("{side}.{column}")).collect::<Vec<_>>().join(", ")
    };
    let join =
        columns.key.iter().map(|column| format!("l.{column} = r.{column}")).collect::<Vec<_>>().join(" AND ");
    let key = columns.key.iter().map(String::as_str).next().unwrap_or_default();
    let owners = |side: &str, schema: &str| {
        let one = |owner: &&str| owner.replace("x.", &format!("{side}.")).replace("{schema}", schema);
        table.owners.iter().map(one).collect::<Vec<_>>().join(", ")
    };
    format!(
        "SELECT ARRAY_REMOVE(ARRAY[{}, {}], NULL) AS owners, to_jsonb(l) AS live, to_jsonb(r) AS rebuilt
         FROM {live}.{name} AS l FULL JOIN {rebuilt}.{name} AS r ON {join}
         WHERE l.{key} IS NULL OR r.{key} IS NULL OR ({}) IS DISTINCT FROM ({})",
        owners("l", &live),
        owners("r", &rebuilt),
        list("l"),
        list("r"),
    )
}

fn object(value: Option<Value>) -> Option<Map<String, Value>> {
    match value {
        Some(Value::Object(fields)) => Some(fields),
        _ => None,
    }
}

impl Row {
    fn either(&self) -> Option<&Map<String, Value>> {
        self.rebuilt.as_ref().or(self.live.as_ref())
    }

    /// A field as the log has it, or as the table has it if the log has no such row.
    pub(super) fn field(&self, name: &str) -> Option<&Value> {
        self.either()?.get(name)
    }

    /// The key's values, separated by `/`.
    pub(super) fn key(&self) -> String {
        let values = self.key.iter().map(|column| match self.field(column) {
            Some(Value::String(text)) => text.clone(),
            Some(value) => value.to_string(),
            None => String::new(),
        });
        values.collect::<Vec<_>>().join("/")
    }

    /// One per field that differs, or a single one for a row that only one side has.
    pub(super) fn differences(&self, responsible: Option<&Responsible>) -> Vec<Difference> {
        let difference = |field: Option<&str>, live: Option<Value>, rebuilt: Option<Value>| Difference {
            table: self.table,
            key: self.key(),
            field: field.map(str::to_owned),
            live,
            rebuilt,
            responsible: responsible.cloned(),
        };
        let (Some(live), Some(rebuilt)) = (&self.live, &self.rebuilt) else {
            let whole = |side: &Option<Map<String, Value>>| side.clone().map(Value::Object);
            return vec![difference(None, whole(&self.live), whole(&self.rebuilt))];
        };
        let fields = rebuilt.keys().filter(|field| live.get(*field) != rebuilt.get(*field));
        fields
            .map(|field| difference(Some(field), live.get(field).cloned(), rebuilt.get(field).cloned()))
            .collect()
    }
}
