//! Many reads of one vehicle in one request.

use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::error::{ApiError, Error, Result, retry_after};
use crate::paths::Path;
use crate::response::{Meta, Response};

/// Reads to be sent as one request ([`Vehicle::batch`](crate::Vehicle::batch)).
///
/// Adding a path gives a [`Handle`] of the type that the path answers with; the handle takes its
/// result out of the [`Answers`]. Each result is a success or an error of its own: what the owner
/// did not share, or the car does not have, spoils nothing else.
///
/// ```no_run
/// # async fn example(car: carport_sdk::Vehicle) -> carport_sdk::Result<()> {
/// use carport_sdk::{Batch, paths};
///
/// let mut batch = Batch::new();
/// let odometer = batch.add(paths::ODOMETER);
/// let fuel = batch.add(paths::FUEL);
///
/// let mut answers = car.batch(batch).await?;
/// let odometer = answers.take(odometer)?;
/// println!("{:.0} km, read {:?}", odometer.distance, odometer.meta.data_age);
/// match answers.take(fuel) {
///     Ok(fuel) => println!("{:?} l", fuel.amount_remaining),
///     Err(refused) => println!("no fuel level: {refused}"),
/// }
/// # Ok(()) }
/// ```
///
/// Source: contract rest-v2, 2.23.
#[derive(Debug, Default)]
pub struct Batch {
    paths: Vec<String>,
    /// Proves that a handle belongs to this batch.
    mark: Arc<()>,
}

/// The place of one answer in a batch, and its type.
#[must_use = "without it the answer cannot be taken"]
pub struct Handle<T> {
    index: usize,
    mark: Arc<()>,
    answer: PhantomData<fn() -> T>,
}

impl<T> std::fmt::Debug for Handle<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Handle").field(&self.index).finish()
    }
}

impl Batch {
    /// No reads yet.
    ///
    /// ```
    /// assert!(carport_sdk::Batch::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a read. The same path may be added again; each is answered, and counts, for itself.
    ///
    /// ```
    /// use carport_sdk::{Batch, paths};
    ///
    /// let mut batch = Batch::new();
    /// let vin = batch.add(paths::VIN);
    /// assert_eq!(batch.len(), 1);
    /// ```
    #[expect(
        clippy::needless_pass_by_value,
        reason = "`paths::VIN` reads better than `&paths::VIN`"
    )]
    pub fn add<T: DeserializeOwned>(&mut self, path: Path<T>) -> Handle<T> {
        self.paths.push(path.as_str().to_owned());
        Handle {
            index: self.paths.len() - 1,
            mark: Arc::clone(&self.mark),
            answer: PhantomData,
        }
    }

    /// How many reads it has.
    ///
    /// ```
    /// assert_eq!(carport_sdk::Batch::new().len(), 0);
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.paths.len()
    }

    /// Whether it has none; the API refuses such a batch.
    ///
    /// ```
    /// assert!(carport_sdk::Batch::default().is_empty());
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    pub(crate) fn body(&self) -> Value {
        let requests: Vec<_> = self
            .paths
            .iter()
            .map(|path| json!({ "path": path }))
            .collect();
        json!({ "requests": requests })
    }

    pub(crate) fn answers(self, reply: Response<BatchBody>) -> Answers {
        let mut items: Vec<_> = reply.data.responses.into_iter().map(Some).collect();
        let slots = self
            .paths
            .into_iter()
            .enumerate()
            .map(|(index, path)| Slot {
                item: claim(&mut items, index, &path),
                path,
            });
        Answers {
            slots: slots.collect(),
            meta: reply.meta,
            mark: self.mark,
        }
    }
}

/// Answers stand in the order of the requests; should a server keep another one, the path decides.
fn claim(items: &mut [Option<Item>], index: usize, path: &str) -> Option<Item> {
    let asked = normal(path);
    let is_it = |item: &Option<Item>| {
        item.as_ref()
            .is_some_and(|item| normal(&item.path) == asked)
    };
    let place = if items.get(index).is_some_and(is_it) {
        index
    } else {
        items.iter().position(is_it)?
    };
    items[place].take()
}

/// Without slashes at the ends and without the query, which answers leave out.
fn normal(path: &str) -> &str {
    let path = path.split('?').next().unwrap_or_default();
    path.trim_matches('/')
}

/// The results of a [`Batch`].
#[derive(Debug)]
pub struct Answers {
    slots: Vec<Slot>,
    /// What the headers of the whole answer say; each result has more of its own.
    pub meta: Meta,
    mark: Arc<()>,
}

/// One result, as it arrived.
struct Slot {
    path: String,
    item: Option<Item>,
}

impl std::fmt::Debug for Slot {
    /// The path only: VINs and positions may be in the rest.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Slot").field(&self.path).finish()
    }
}

impl Answers {
    /// The result that belongs to the handle, with the age and units of its own data.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let car = carport.vehicle("read_vin").await?;
    /// # use carport_sdk::{Batch, paths};
    /// let mut batch = Batch::new();
    /// let vin = batch.add(paths::VIN);
    /// let vin = car.batch(batch).await?.take(vin)?;
    /// assert_eq!(vin.vin.len(), 17);
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Api`] when this read failed, as it would have alone; [`Error::Decode`] when its
    /// body has another form than the path promises; [`Error::Unanswered`] when the server left
    /// it out; [`Error::Input`] for a handle of another batch.
    #[expect(clippy::needless_pass_by_value, reason = "an answer can be taken once")]
    pub fn take<T: DeserializeOwned>(&mut self, handle: Handle<T>) -> Result<Response<T>> {
        if !Arc::ptr_eq(&self.mark, &handle.mark) {
            return Err(Error::Input("the handle belongs to another batch"));
        }
        let slot = &mut self.slots[handle.index];
        let item = slot.item.take().ok_or_else(|| Error::Unanswered {
            path: slot.path.clone(),
        })?;
        item.judge(self.meta.request_id.as_deref())
    }
}

#[derive(Deserialize)]
pub(crate) struct BatchBody {
    responses: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    path: String,
    code: u16,
    body: Value,
    /// Missing or null in failed items of some servers.
    headers: Option<HashMap<String, Value>>,
}

impl Item {
    fn judge<T: DeserializeOwned>(self, request_id: Option<&str>) -> Result<Response<T>> {
        let request_id = || request_id.map(ToOwned::to_owned);
        let headers = self.headers.unwrap_or_default();
        let headers: HashMap<_, _> = headers
            .into_iter()
            .map(|(name, value)| (name.to_ascii_lowercase(), text(value)))
            .collect();
        let header = |name: &str| headers.get(name).map(String::as_str);
        if self.code != 200 {
            let error = ApiError::read(&self.body.to_string(), self.code, request_id());
            return Err(Error::Api(Box::new(ApiError {
                retry_after: header("retry-after").and_then(retry_after),
                ..error
            })));
        }
        let meta = Meta {
            request_id: request_id(),
            ..Meta::of(header)
        };
        let data = serde_json::from_value(self.body).map_err(|source| Error::Decode {
            request_id: request_id(),
            source,
        })?;
        Ok(Response { data, meta })
    }
}

/// Headers are strings; some servers leave numbers as they are.
fn text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}

#[cfg(test)]
#[path = "batch/tests.rs"]
mod tests;
