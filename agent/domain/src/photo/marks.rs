//! What an officer draws over a photograph: kept beside its bytes, which stay as they were taken.

use minicbor::decode::Error as DecodeError;
use minicbor::{Decode, Decoder, Encode};
use thiserror::Error;

/// The edge that is opposite the origin: places are in thousandths of the upright picture's width and height.
pub const EDGE: u16 = 1000;
/// The most marks of one photograph.
pub const MAX_MARKS: usize = 100;
/// The most places of all its strokes together.
pub const MAX_SPOTS: usize = 5_000;
/// A finger covers a smaller ring, in thousandths of the width.
pub const MIN_RADIUS: u16 = 10;

/// Why something is not drawn over a photograph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotMarks {
    #[error("a place lies outside the picture")]
    Outside,
    #[error("a stroke has less than two places")]
    TooShort,
    #[error("the radius of a ring is not between `{MIN_RADIUS}` and `{EDGE}` thousandths of the width")]
    Radius,
    #[error("there are more than `{MAX_MARKS}` marks, or `{MAX_SPOTS}` places of strokes")]
    TooMany,
}

/// A place in a picture: thousandths of its width from the left, of its height from the top.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Encode)]
pub struct Spot {
    #[n(0)]
    x: u16,
    #[n(1)]
    y: u16,
}

impl Spot {
    pub const fn new(x: u16, y: u16) -> Result<Self, NotMarks> {
        if x > EDGE || y > EDGE {
            return Err(NotMarks::Outside);
        }
        Ok(Self { x, y })
    }

    /// Where a finger is, or the edge that it went over; thousandths.
    pub fn nearest((x, y): (i32, i32)) -> Self {
        let within = |place: i32| u16::try_from(place.max(0)).map_or(EDGE, |place| place.min(EDGE));
        Self {
            x: within(x),
            y: within(y),
        }
    }

    pub const fn x(self) -> u16 {
        self.x
    }

    pub const fn y(self) -> u16 {
        self.y
    }
}

impl<'b, C> Decode<'b, C> for Spot {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        #[derive(Decode)]
        struct Claimed {
            #[n(0)]
            x: u16,
            #[n(1)]
            y: u16,
        }
        let Claimed { x, y } = Decode::decode(d, ctx)?;
        Self::new(x, y).map_err(|_| DecodeError::message("not a place in a picture"))
    }
}

/// One thing drawn.
#[derive(Debug, Clone, PartialEq, Eq, Encode, Decode)]
pub enum Mark {
    /// From place to place, as the finger went.
    #[n(0)]
    Stroke(#[n(0)] Vec<Spot>),
    /// Round in every picture: its radius is in thousandths of the width.
    #[n(1)]
    Ring {
        #[n(0)]
        centre: Spot,
        #[n(1)]
        radius: u16,
    },
    /// Numbered after the points before it, from 1.
    #[n(2)]
    Point(#[n(0)] Spot),
}

/// Everything drawn over one photograph, in the order in which it was drawn.
#[derive(Debug, Clone, Default, PartialEq, Eq, Encode)]
#[cbor(transparent)]
pub struct Marks(#[n(0)] Vec<Mark>);

impl Marks {
    pub fn new(marks: Vec<Mark>) -> Result<Self, NotMarks> {
        let mut spots = 0;
        for mark in &marks {
            match mark {
                Mark::Stroke(stroke) if stroke.len() < 2 => return Err(NotMarks::TooShort),
                Mark::Stroke(stroke) => spots += stroke.len(),
                Mark::Ring { radius, .. } if !(MIN_RADIUS..=EDGE).contains(radius) => {
                    return Err(NotMarks::Radius);
                }
                Mark::Ring { .. } | Mark::Point(_) => {}
            }
        }
        if marks.len() > MAX_MARKS || spots > MAX_SPOTS {
            return Err(NotMarks::TooMany);
        }
        Ok(Self(marks))
    }

    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub const fn len(&self) -> usize {
        self.0.len()
    }

    /// Each with its number, where it is a point.
    pub fn numbered(&self) -> impl Iterator<Item = (Option<usize>, &Mark)> {
        let mut points = 0;
        self.0.iter().map(move |mark| {
            let number = matches!(mark, Mark::Point(_)).then(|| {
                points += 1;
                points
            });
            (number, mark)
        })
    }

    /// These and one more, the last.
    pub fn with(&self, mark: Mark) -> Result<Self, NotMarks> {
        let mut marks = self.0.clone();
        marks.push(mark);
        Self::new(marks)
    }

    /// These without the last.
    #[must_use]
    pub fn without_last(&self) -> Self {
        let kept = self.0.len().saturating_sub(1);
        Self(self.0.iter().take(kept).cloned().collect())
    }
}

impl<'b, C> Decode<'b, C> for Marks {
    fn decode(d: &mut Decoder<'b>, ctx: &mut C) -> Result<Self, DecodeError> {
        let marks: Vec<Mark> = Decode::decode(d, ctx)?;
        Self::new(marks).map_err(|_| DecodeError::message("not what is drawn over a photograph"))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::canonical::{decode, encode};

    fn spot() -> impl Strategy<Value = Spot> {
        (0..=EDGE, 0..=EDGE).prop_map(|(x, y)| Spot::new(x, y).unwrap())
    }

    fn mark() -> impl Strategy<Value = Mark> {
        prop_oneof![
            vec(spot(), 2..20).prop_map(Mark::Stroke),
            (spot(), MIN_RADIUS..=EDGE).prop_map(|(centre, radius)| Mark::Ring { centre, radius }),
            spot().prop_map(Mark::Point),
        ]
    }

    fn middle() -> Spot {
        Spot::new(500, 500).unwrap()
    }

    proptest! {
        #[test]
        fn any_marks_read_back_the_same_and_the_last_goes_first(marks in vec(mark(), 0..30)) {
            let drawn = Marks::new(marks.clone()).unwrap();
            prop_assert_eq!(decode::<Marks>(&encode(&drawn)), Ok(drawn.clone()));
            let mut one_by_one = Marks::default();
            for mark in &marks {
                one_by_one = one_by_one.with(mark.clone()).unwrap();
            }
            prop_assert_eq!(&one_by_one, &drawn);
            for left in (0..marks.len()).rev() {
                one_by_one = one_by_one.without_last();
                prop_assert_eq!(&one_by_one, &Marks::new(marks[..left].to_vec()).unwrap());
            }
            prop_assert!(one_by_one.without_last().is_empty());
        }

        #[test]
        fn points_are_numbered_from_one_whatever_stands_between(marks in vec(mark(), 0..30)) {
            let drawn = Marks::new(marks).unwrap();
            let numbers: Vec<usize> = drawn.numbered().filter_map(|(number, _)| number).collect();
            prop_assert_eq!(numbers.clone(), (1..=numbers.len()).collect::<Vec<_>>());
            for (number, mark) in drawn.numbered() {
                prop_assert_eq!(number.is_some(), matches!(mark, Mark::Point(_)));
            }
        }

        #[test]
        fn a_place_outside_the_picture_is_refused_and_not_read(x in 0..=u16::MAX, y in 0..=u16::MAX) {
            let inside = x <= EDGE && y <= EDGE;
            prop_assert_eq!(Spot::new(x, y).is_ok(), inside);
            let nearest = Spot::nearest((x.into(), y.into()));
            prop_assert_eq!(Spot::new(x.min(EDGE), y.min(EDGE)), Ok(nearest));
            // The same place, as anybody may have written it down: `[[2, [[x, y]]]]`.
            let mut bytes = vec![0x81, 0x82, 0x02, 0x81, 0x82];
            bytes.extend(encode(&x));
            bytes.extend(encode(&y));
            prop_assert_eq!(decode::<Marks>(&bytes).is_ok(), inside);
        }

        #[test]
        fn whatever_bytes_come_nothing_panics(noise in vec(any::<u8>(), 0..80)) {
            if let Ok(marks) = decode::<Marks>(&noise) {
                prop_assert_eq!(encode(&marks), noise);
            }
        }
    }

    #[test]
    fn a_touch_is_no_stroke_a_ring_has_a_size_and_a_picture_takes_so_many_marks() {
        let ring = |radius| Mark::Ring {
            centre: middle(),
            radius,
        };
        let touch = Mark::Stroke(vec![middle()]);
        assert_eq!(Marks::new(vec![touch]), Err(NotMarks::TooShort));
        for radius in [0, MIN_RADIUS - 1, EDGE + 1] {
            assert_eq!(Marks::new(vec![ring(radius)]), Err(NotMarks::Radius));
        }
        let full = Marks::new(vec![ring(MIN_RADIUS); MAX_MARKS]).unwrap();
        assert_eq!(full.with(Mark::Point(middle())), Err(NotMarks::TooMany));
        let long = Mark::Stroke(vec![middle(); MAX_SPOTS]);
        let long = Marks::new(vec![long]).unwrap();
        assert!(long.with(Mark::Point(middle())).is_ok());
        let more = Mark::Stroke(vec![middle(); 2]);
        assert_eq!(long.with(more), Err(NotMarks::TooMany));
    }
}
