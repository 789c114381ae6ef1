//! Lists of connections with what is known of their vehicles: newest first, in pages that begin
//! after a place, searched and filtered.
//!
//! What has no index of its own is looked for along the order of the list, a bounded number of
//! connections at a time: then the page says how far it came, to go on from there.

use std::cmp::Reverse;
use std::time::{Duration, Instant};

use carport_model::vehicle::FoundVehicle;
use carport_model::{
    ApplicationId, BrandId, Mode, Permission, Permissions, UserId, VehicleId, Vin,
};

use crate::connection_lists::Place;
use crate::engine::{Row, Tx, Value};
use crate::{StoreError, vehicles};

/// Connections that one page looks at, at most.
const MOST: usize = 5_000;
/// Connections that are looked at together when there is a filter: on a cold disk each vehicle is a read
/// of its own, and patience must not be outlived by much.
const TOGETHER: usize = 100;
/// Connections that are shown of one VIN, id or external id.
const FEW: i64 = 200;

/// Which connections are meant; what is `None` does not matter.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of these applications; `None` for all.
    pub applications: Option<Vec<ApplicationId>>,
    /// Those of one mode.
    pub mode: Option<Mode>,
    /// To vehicles of this make.
    pub make: Option<BrandId>,
    /// With this permission.
    pub permission: Option<Permission>,
    /// What is searched for.
    pub search: Option<Search>,
}

/// What is searched for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// Id of a vehicle or a user.
    Id([u8; 16]),
    /// A VIN, found only where the application was granted `read_vin`.
    Vin(String),
    /// An external id, or part of a make or model.
    Text(String),
}

impl Search {
    /// What somebody typed: an id, a VIN, or any other text. `None` for nothing.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        if let Ok(id) = text.parse::<VehicleId>() {
            return Some(Self::Id(id.into()));
        }
        let vin = text.to_ascii_uppercase();
        if vin.parse::<Vin>().is_ok() {
            return Some(Self::Vin(vin));
        }
        Some(Self::Text(text.to_owned()))
    }
}

/// Where a page begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum From {
    /// With the newest.
    #[default]
    Newest,
    /// Behind this one: older connections.
    Older(Place),
    /// The ones just before this one: newer connections.
    Newer(Place),
}

/// A connection and its vehicle.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed {
    /// Owner, vehicle and time.
    pub place: Place,
    /// Whose connection it is.
    pub application: ApplicationId,
    /// Where the vehicle comes from.
    pub mode: Mode,
    /// What was granted.
    pub permissions: Permissions,
    /// The developer's own id.
    pub external_id: Option<String>,
    /// The vehicle. Its VIN is for those who were granted it.
    pub car: FoundVehicle,
}

/// A page.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Page {
    /// Connections, newest first.
    pub listed: Vec<Listed>,
    /// How far was looked, when the page is not full and there is more to look at.
    pub looked_to: Option<Place>,
}

macro_rules! select {
    ($($condition:literal),*) => {
        concat!(
            "SELECT c.user_id, c.vehicle_id, c.connected_at, c.mode, c.application_id, \
             c.permissions, c.external_id, v.vin, v.car, v.capabilities ",
            $($condition),*
        )
    };
}
macro_rules! page {
    ($whose:literal, $than:literal, $order:literal) => {
        // CROSS keeps the planners from beginning with the vehicles.
        select!(
            "FROM connections c CROSS JOIN vehicles v WHERE v.id = c.vehicle_id ",
            $whose,
            " AND (c.connected_at, c.user_id, c.vehicle_id) ",
            $than,
            " ($1, $2, $3) ORDER BY c.connected_at ",
            $order,
            ", c.user_id ",
            $order,
            ", c.vehicle_id ",
            $order,
            " LIMIT $4"
        )
    };
}

/// All of them; the index has them in this order.
pub(crate) const ALL_OLDER: &str = page!("", "<", "DESC");
const ALL_NEWER: &str = page!("", ">", "ASC");
pub(crate) const OLDER: &str = page!("AND c.application_id = $5 AND c.mode = $6", "<", "DESC");
const NEWER: &str = page!("AND c.application_id = $5 AND c.mode = $6", ">", "ASC");

/// A page of connections, newest first, at most `limit`, looking no longer than about `patience`.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn page(
    tx: &mut Tx<'_>,
    filter: &Filter,
    from: From,
    limit: usize,
    patience: Option<Duration>,
) -> Result<Page, StoreError> {
    let begun = Instant::now();
    let is_over = || patience.is_some_and(|patience| begun.elapsed() >= patience);
    if let Some(few) = few(tx, filter).await? {
        return Ok(window(few, from, limit));
    }
    let is_bare = filter.mode.is_none()
        && filter.make.is_none()
        && filter.permission.is_none()
        && filter.search.is_none();
    let together = if is_bare { limit } else { TOGETHER };
    let mut page = Page::default();
    let mut from = from;
    let mut looked = 0;
    loop {
        let part = some(tx, filter, from, together).await?;
        let Some(last) = part.last().map(|listed| listed.place) else {
            break;
        };
        let is_last = part.len() < together;
        looked += part.len();
        page.listed
            .extend(part.into_iter().filter(|it| is_meant(it, filter)));
        if page.listed.len() >= limit || is_last {
            break;
        }
        from = match from {
            From::Newer(_) => From::Newer(last),
            From::Newest | From::Older(_) => From::Older(last),
        };
        if looked >= MOST || is_over() {
            page.looked_to = Some(last);
            break;
        }
    }
    page.listed.truncate(limit);
    if matches!(from, From::Newer(_)) {
        page.listed.reverse();
    }
    Ok(page)
}

/// The next ones in the order in which they are looked at.
async fn some(
    tx: &mut Tx<'_>,
    filter: &Filter,
    from: From,
    limit: usize,
) -> Result<Vec<Listed>, StoreError> {
    let is_back = matches!(from, From::Newer(_));
    let place = match from {
        From::Newest => Place::BEGINNING,
        From::Older(place) | From::Newer(place) => place,
    };
    let mut params = vec![
        place.connected_at.into(),
        Value::id(place.user),
        Value::id(place.vehicle),
        i64::try_from(limit).unwrap_or(i64::MAX).into(),
    ];
    let Some(applications) = &filter.applications else {
        let sql = if is_back { ALL_NEWER } else { ALL_OLDER };
        let rows = tx.rows(sql, &params).await?;
        return rows.iter().map(read).collect();
    };
    let mut listed = Vec::new();
    for application in applications {
        for mode in Mode::ALL {
            if filter.mode.is_some_and(|wanted| wanted != mode) {
                continue;
            }
            params.truncate(4);
            params.extend([Value::id(*application), mode.as_str().into()]);
            let sql = if is_back { NEWER } else { OLDER };
            for row in &tx.rows(sql, &params).await? {
                listed.push(read(row)?);
            }
        }
    }
    if is_back {
        listed.sort_unstable_by_key(|listed| listed.place);
    } else {
        listed.sort_unstable_by_key(|listed| Reverse(listed.place));
    }
    listed.truncate(limit);
    Ok(listed)
}

/// Those of a search that an index answers; `None` when none does.
async fn few(tx: &mut Tx<'_>, filter: &Filter) -> Result<Option<Vec<Listed>>, StoreError> {
    const OF_VEHICLE: &str = select!(
        "FROM connections c JOIN vehicles v ON v.id = c.vehicle_id \
         WHERE c.vehicle_id = $1 LIMIT $2"
    );
    const OF_USER: &str = select!(
        "FROM connections c JOIN vehicles v ON v.id = c.vehicle_id WHERE c.user_id = $1 LIMIT $2"
    );
    const OF_VIN: &str = select!(
        "FROM vehicles v JOIN connections c ON c.vehicle_id = v.id WHERE v.vin = $1 LIMIT $2"
    );
    const OF_EXTERNAL_ID: &str = select!(
        "FROM connections c JOIN vehicles v ON v.id = c.vehicle_id \
         WHERE c.external_id = $1 LIMIT $2"
    );
    let rows = match &filter.search {
        None => return Ok(None),
        Some(Search::Id(id)) => {
            let params = [Value::id(*id), FEW.into()];
            let mut rows = tx.rows(OF_VEHICLE, &params).await?;
            rows.append(&mut tx.rows(OF_USER, &params).await?);
            rows
        }
        Some(Search::Vin(vin)) => tx.rows(OF_VIN, &[vin.as_str().into(), FEW.into()]).await?,
        Some(Search::Text(text)) => {
            let params = [text.as_str().into(), FEW.into()];
            let rows = tx.rows(OF_EXTERNAL_ID, &params).await?;
            if rows.is_empty() {
                return Ok(None);
            }
            rows
        }
    };
    let mut listed: Vec<Listed> = rows.iter().map(read).collect::<Result<_, _>>()?;
    listed.retain(|listed| is_meant(listed, filter));
    listed.sort_unstable_by_key(|listed| Reverse(listed.place));
    Ok(Some(listed))
}

/// The page of a short list that begins at a place.
fn window(mut few: Vec<Listed>, from: From, limit: usize) -> Page {
    match from {
        From::Newest => {}
        From::Older(place) => few.retain(|listed| listed.place < place),
        From::Newer(place) => {
            few.retain(|listed| listed.place > place);
            few.drain(..few.len().saturating_sub(limit));
        }
    }
    few.truncate(limit);
    Page {
        listed: few,
        looked_to: None,
    }
}

fn is_meant(listed: &Listed, filter: &Filter) -> bool {
    let has_application = |of: &Vec<ApplicationId>| of.contains(&listed.application);
    filter.applications.as_ref().is_none_or(has_application)
        && filter.mode.is_none_or(|mode| listed.mode == mode)
        && (filter.make.as_ref()).is_none_or(|make| listed.car.make == *make)
        && (filter.permission).is_none_or(|permission| listed.permissions.contains(permission))
        && (filter.search.as_ref()).is_none_or(|search| is_found(listed, search))
}

fn is_found(listed: &Listed, search: &Search) -> bool {
    match search {
        Search::Id(id) => {
            listed.place.vehicle == VehicleId::from_bytes(*id)
                || listed.place.user == UserId::from_bytes(*id)
        }
        Search::Vin(vin) => {
            listed.car.vin.as_str() == vin && listed.permissions.contains(Permission::ReadVin)
        }
        Search::Text(text) => {
            let text = text.to_lowercase();
            let name = format!("{} {}", listed.car.make, listed.car.model).to_lowercase();
            name.contains(&text)
                || (listed.external_id.as_ref()).is_some_and(|id| id.to_lowercase() == text)
        }
    }
}

fn read(row: &Row) -> Result<Listed, StoreError> {
    Ok(Listed {
        place: Place {
            user: row.id(0)?,
            vehicle: row.id(1)?,
            connected_at: row.time(2)?,
        },
        mode: row.parsed(3)?,
        application: row.id(4)?,
        permissions: row.parsed(5)?,
        external_id: row.maybe(6, Row::text)?.map(str::to_owned),
        car: vehicles::car(row, 7)?,
    })
}

/// The connections of a vehicle, newest first, and what each was granted.
///
/// # Errors
/// [`StoreError`] from the database.
pub async fn of_vehicle(tx: &mut Tx<'_>, id: VehicleId) -> Result<Vec<Listed>, StoreError> {
    let filter = Filter {
        search: Some(Search::Id(id.into())),
        ..Filter::default()
    };
    let mut listed = few(tx, &filter).await?.unwrap_or_default();
    listed.retain(|listed| listed.place.vehicle == id);
    Ok(listed)
}
