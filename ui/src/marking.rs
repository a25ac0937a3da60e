//! The finger over a photograph: what it draws becomes marks, and marks become lines on the screen.

use domain::Digest;
use domain::photo::{EDGE, MAX_MARKS, MIN_RADIUS, Mark, Marks, NotMarks, Spot};

/// A touch that goes nowhere draws a ring of this size, in thousandths of the width.
const TOUCHED: u16 = 80;
/// A finger that has moved less than this has not moved, in thousandths.
const STILL: u16 = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tool {
    Ring,
    Point,
    Stroke,
}

/// A photograph that is drawn over.
pub(crate) struct Marking {
    pub(crate) photo: Digest,
    marks: Marks,
    /// Height over width.
    height: f32,
    drawing: Option<Drawing>,
}

/// A mark as the screen draws it.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Line {
    /// SVG path commands in thousandths of the width; empty for a point.
    pub(crate) commands: String,
    /// Of a point, from 1.
    pub(crate) number: usize,
    /// Of a point, in parts of width and height.
    pub(crate) at: (f32, f32),
}

/// What the finger has not finished.
struct Drawing {
    tool: Tool,
    from: Spot,
    spots: Vec<Spot>,
}

impl Marking {
    pub(crate) const fn new(photo: Digest, marks: Marks, height: f32) -> Self {
        Self {
            photo,
            marks,
            height,
            drawing: None,
        }
    }

    /// How many things are on the picture: the marks, and what the finger is drawing.
    pub(crate) fn drawn(&self) -> usize {
        self.marks.len() + usize::from(self.underway().is_some())
    }

    /// One of them as lines.
    pub(crate) fn line(&self, index: usize) -> Option<Line> {
        let points = || self.marks.numbered().filter_map(|(number, _)| number).last();
        match self.marks.numbered().nth(index) {
            Some((number, mark)) => Some(self.lined(number, mark)),
            None if index == self.marks.len() => {
                let mark = self.underway()?;
                let number = matches!(mark, Mark::Point(_)).then(|| points().unwrap_or(0) + 1);
                Some(self.lined(number, &mark))
            }
            None => None,
        }
    }

    pub(crate) fn is_full(&self) -> bool {
        self.marks.len() >= MAX_MARKS
    }

    pub(crate) fn down(&mut self, tool: Tool, at: (i32, i32)) {
        let from = Spot::nearest(at);
        self.drawing = Some(Drawing {
            tool,
            from,
            spots: vec![from],
        });
    }

    pub(crate) fn moved(&mut self, at: (i32, i32)) {
        let Some(drawing) = &mut self.drawing else { return };
        let spot = Spot::nearest(at);
        let far = |last: &Spot| last.x().abs_diff(spot.x()).max(last.y().abs_diff(spot.y())) >= STILL;
        if drawing.spots.last().is_none_or(far) {
            drawing.spots.push(spot);
        }
    }

    /// The marks with what was drawn; none where the finger drew nothing.
    pub(crate) fn up(&mut self) -> Result<Option<Marks>, NotMarks> {
        let drawing = self.drawing.take();
        let Some(mark) = drawing.and_then(|drawing| self.mark(&drawing)) else {
            return Ok(None);
        };
        self.marks = self.marks.with(mark)?;
        Ok(Some(self.marks.clone()))
    }

    pub(crate) fn undo(&mut self) -> Marks {
        self.drawing = None;
        self.marks = self.marks.without_last();
        self.marks.clone()
    }

    pub(crate) fn clear(&mut self) -> Marks {
        self.drawing = None;
        self.marks = Marks::default();
        self.marks.clone()
    }

    /// What would be kept if the finger let go now.
    fn underway(&self) -> Option<Mark> {
        let mark = self.mark(self.drawing.as_ref()?)?;
        self.marks.with(mark.clone()).is_ok().then_some(mark)
    }

    fn mark(&self, drawing: &Drawing) -> Option<Mark> {
        let last = *drawing.spots.last()?;
        match drawing.tool {
            Tool::Stroke => (drawing.spots.len() > 1).then(|| Mark::Stroke(drawing.spots.clone())),
            Tool::Point => Some(Mark::Point(last)),
            Tool::Ring => Some(Mark::Ring {
                centre: drawing.from,
                radius: if drawing.spots.len() > 1 {
                    self.apart(drawing.from, last).clamp(MIN_RADIUS, EDGE)
                } else {
                    TOUCHED
                },
            }),
        }
    }

    /// Thousandths of the width between two places.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a distance, which saturates"
    )]
    fn apart(&self, one: Spot, other: Spot) -> u16 {
        let across = f32::from(one.x()) - f32::from(other.x());
        let down = (f32::from(one.y()) - f32::from(other.y())) * self.height;
        across.hypot(down).round() as u16
    }

    fn lined(&self, number: Option<usize>, mark: &Mark) -> Line {
        let down = |spot: &Spot| f32::from(spot.y()) * self.height;
        let commands = match mark {
            Mark::Point(at) => {
                let part = |place: u16| f32::from(place) / f32::from(EDGE);
                return Line {
                    number: number.unwrap_or(0),
                    at: (part(at.x()), part(at.y())),
                    ..Line::default()
                };
            }
            Mark::Stroke(stroke) => {
                let places = stroke.iter().map(|spot| format!("{} {}", spot.x(), down(spot)));
                format!("M {}", places.collect::<Vec<_>>().join(" L "))
            }
            Mark::Ring { centre, radius } => {
                let (x, y, r) = (f32::from(centre.x()), down(centre), f32::from(*radius));
                let (left, right) = (x - r, x + r);
                format!("M {left} {y} A {r} {r} 0 1 1 {right} {y} A {r} {r} 0 1 1 {left} {y} Z")
            }
        };
        Line {
            commands,
            ..Line::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SQUARE: f32 = 1.0;

    fn marking(height: f32) -> Marking {
        Marking::new(Digest::of(b"photograph"), Marks::default(), height)
    }

    fn spot(x: u16, y: u16) -> Spot {
        Spot::new(x, y).unwrap()
    }

    fn drawn(marking: &mut Marking, tool: Tool, way: &[(i32, i32)]) -> Option<Vec<Mark>> {
        marking.down(tool, way[0]);
        way[1..].iter().for_each(|at| marking.moved(*at));
        let marks = marking.up().unwrap()?;
        Some(marks.numbered().map(|(_, mark)| mark.clone()).collect())
    }

    #[test]
    fn a_finger_draws_rings_points_and_strokes_and_takes_them_back() {
        let mut marking = marking(SQUARE);
        let ring = Mark::Ring {
            centre: spot(500, 500),
            radius: 50,
        };
        let way = [(500, 500), (510, 520), (530, 540)];
        assert_eq!(drawn(&mut marking, Tool::Ring, &way), Some(vec![ring.clone()]));
        // A point goes with the finger until it is let go, over the edge to the edge.
        let point = Mark::Point(spot(0, 1000));
        let way = [(100, 900), (-20, 1040)];
        let both = vec![ring.clone(), point];
        assert_eq!(drawn(&mut marking, Tool::Point, &way), Some(both.clone()));
        let way = [(10, 10), (12, 11), (30, 10), (30, 60)];
        let stroke = Mark::Stroke(vec![spot(10, 10), spot(30, 10), spot(30, 60)]);
        let all = [both, vec![stroke]].concat();
        assert_eq!(drawn(&mut marking, Tool::Stroke, &way), Some(all));
        assert_eq!(marking.undo().len(), 2);
        assert_eq!(marking.undo(), Marks::new(vec![ring]).unwrap());
        assert!(marking.clear().is_empty() && marking.undo().is_empty());
    }

    #[test]
    fn a_touch_draws_a_ring_and_no_stroke() {
        let mut marking = marking(SQUARE);
        assert_eq!(drawn(&mut marking, Tool::Stroke, &[(40, 40), (41, 41)]), None);
        let ring = Mark::Ring {
            centre: spot(40, 40),
            radius: TOUCHED,
        };
        assert_eq!(drawn(&mut marking, Tool::Ring, &[(40, 40)]), Some(vec![ring]));
    }

    #[test]
    fn a_ring_is_round_in_a_picture_that_is_twice_as_wide_as_high() {
        let mut marking = marking(0.5);
        drawn(&mut marking, Tool::Ring, &[(500, 500), (500, 700)]).unwrap();
        let radius = |marks: &Marks| match marks.numbered().next() {
            Some((_, Mark::Ring { radius, .. })) => *radius,
            other => panic!("{other:?}"),
        };
        assert_eq!(radius(&marking.marks), 100);
        let commands = marking.line(0).unwrap().commands;
        assert_eq!(
            commands,
            "M 400 250 A 100 100 0 1 1 600 250 A 100 100 0 1 1 400 250 Z"
        );
    }

    #[test]
    fn what_is_being_drawn_is_seen_before_it_is_kept() {
        let mut marking = marking(SQUARE);
        drawn(&mut marking, Tool::Point, &[(900, 10)]).unwrap();
        marking.down(Tool::Point, (250, 10));
        let second = Line {
            number: 2,
            at: (0.25, 0.01),
            ..Line::default()
        };
        assert_eq!((marking.drawn(), marking.marks.len()), (2, 1));
        assert_eq!(marking.line(1), Some(second));
        marking.up().unwrap();
        assert_eq!((marking.drawn(), marking.marks.len()), (2, 2));
        assert_eq!(marking.line(2), None);
    }

    #[test]
    fn a_picture_that_is_full_keeps_what_it_has() {
        let point = Mark::Point(spot(1, 1));
        let full = Marks::new(vec![point; domain::photo::MAX_MARKS]).unwrap();
        let mut marking = Marking::new(Digest::of(b"photograph"), full.clone(), SQUARE);
        marking.down(Tool::Ring, (5, 5));
        assert!(marking.is_full() && marking.drawn() == full.len());
        assert_eq!(marking.up(), Err(NotMarks::TooMany));
        assert_eq!(marking.marks, full);
    }
}
