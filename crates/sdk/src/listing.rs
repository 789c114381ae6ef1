//! Lists that come in pages.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_util::{Stream, StreamExt as _, TryStreamExt as _, stream};

use crate::error::{Error, Result};

/// All items of a list, fetched page by page as they are asked for. It ends after the last item or
/// the first error.
///
/// It is a [`Stream`] too, for those who use the adapters of `futures-util`.
///
/// ```
/// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
/// # support::on_carport(async |carport| {
/// # let (api, access) = (carport.api()?, carport.access("read_odometer").await?);
/// let mut cars = api.all_vehicles(&access);
/// while let Some(car) = cars.next().await {
///     println!("{:.0} km", car?.odometer().await?.distance);
/// }
/// # Ok(()) });
/// ```
#[must_use = "nothing is fetched until an item is asked for"]
pub struct Listing<T> {
    items: Pin<Box<dyn Stream<Item = Result<T>> + Send>>,
}

/// One page of a list, and where the next one begins. `None` ends the list.
pub(crate) struct Page<T, Next> {
    pub(crate) items: Vec<T>,
    pub(crate) next: Option<Next>,
}

impl<T: Send + 'static> Listing<T> {
    pub(crate) fn new<Next, Fetching>(
        first: Next,
        fetch: impl Fn(Next) -> Fetching + Send + 'static,
    ) -> Self
    where
        Next: Send + 'static,
        Fetching: Future<Output = Result<Page<T, Next>>> + Send + 'static,
    {
        let pages = stream::try_unfold(Some(first), move |place| {
            let fetching = place.map(&fetch);
            async move {
                let Some(fetching) = fetching else {
                    return Ok::<_, Error>(None);
                };
                let page = fetching.await?;
                let items = stream::iter(page.items.into_iter().map(Ok));
                Ok(Some((items, page.next)))
            }
        });
        Self {
            items: Box::pin(pages.try_flatten()),
        }
    }

    /// The next item. `None` at the end.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (api, access) = (carport.api()?, carport.access("read_vin").await?);
    /// let first = api.all_vehicles(&access).next().await;
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// `Some(Err(_))` when the page it is on cannot be fetched; nothing follows it.
    pub async fn next(&mut self) -> Option<Result<T>> {
        self.items.next().await
    }

    /// The whole list at once.
    ///
    /// ```
    /// # mod support { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mod.rs")); }
    /// # support::on_carport(async |carport| {
    /// # let (api, access) = (carport.api()?, carport.access("read_vin").await?);
    /// let cars = api.all_vehicles(&access).into_vec().await?;
    /// println!("{} cars", cars.len());
    /// # Ok(()) });
    /// ```
    ///
    /// # Errors
    ///
    /// When any page cannot be fetched.
    pub async fn into_vec(self) -> Result<Vec<T>> {
        self.items.try_collect().await
    }
}

impl<T> Stream for Listing<T> {
    type Item = Result<T>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<T>>> {
        self.items.as_mut().poll_next(context)
    }
}

impl<T> std::fmt::Debug for Listing<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Listing").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(last: u32, broken: Option<u32>) -> Listing<u32> {
        Listing::new(0, move |from| async move {
            if broken.is_some_and(|broken| from >= broken) {
                return Err(Error::Input("broken"));
            }
            Ok(Page {
                items: (from..last.min(from + 3)).collect(),
                next: (from + 3 < last).then_some(from + 3),
            })
        })
    }

    #[tokio::test]
    async fn pages_follow_one_another_to_the_end() {
        assert_eq!(
            numbers(7, None).into_vec().await.unwrap(),
            [0, 1, 2, 3, 4, 5, 6]
        );
        assert_eq!(numbers(0, None).into_vec().await.unwrap(), [0; 0]);
        let mut two = numbers(2, None);
        assert!(matches!(two.next().await, Some(Ok(0))));
        assert!(matches!(two.next().await, Some(Ok(1))));
        assert!(two.next().await.is_none());
        assert!(two.next().await.is_none());
    }

    #[tokio::test]
    async fn an_error_is_the_last_item() {
        let mut list = numbers(9, Some(3));
        for expected in 0..3 {
            assert_eq!(list.next().await.unwrap().unwrap(), expected);
        }
        assert!(list.next().await.unwrap().is_err());
        assert!(list.next().await.is_none());
        assert!(numbers(9, Some(6)).into_vec().await.is_err());
    }
}
