/// A plane between two axes, on which courses are drawn and named at their ends.
struct Panel {
    let left: Double
    let top: Double
    let width: Double
    let height: Double
    let across: Scale
    let up: Scale

    struct Course {
        let name: String
        let colour: String
        let points: [(x: Double, y: Double)]
        var dashed = false
    }

    func place(_ x: Double, _ y: Double) -> (Double, Double) {
        (left + across.share(x) * width, top + (1 - up.share(y)) * height)
    }

    func drawAxes(title: String, across acrossName: String, into drawing: inout SVG) {
        drawing.text(title, left, top - 14, size: 14, bold: true)
        for tick in up.ticks {
            let y = top + (1 - up.share(tick.value)) * height
            drawing.line((left, y), (left + width, y))
            drawing.text(tick.label, left - 8, y + 4, anchor: .end, size: 12, colour: SVG.faint)
        }
        for tick in across.ticks {
            let x = left + across.share(tick.value) * width
            drawing.line((x, top + height), (x, top + height + 5), colour: SVG.plain)
            drawing.text(tick.label, x, top + height + 20, anchor: .middle, size: 12, colour: SVG.faint)
        }
        drawing.line((left, top + height), (left + width, top + height), colour: SVG.plain)
        drawing.text(acrossName, left + width / 2, top + height + 40, anchor: .middle, size: 12, colour: SVG.faint)
    }

    func draw(_ courses: [Course], named: Bool = true, into drawing: inout SVG) {
        for course in courses {
            let points = course.points.filter { $0.x.isFinite && $0.y.isFinite }.map { place($0.x, $0.y) }
            drawing.course(points, colour: course.colour, dashed: course.dashed)
            for (x, y) in points { drawing.dot(x, y, colour: course.colour) }
        }
        if named { name(courses, &drawing) }
    }

    /// Names stand to the right of the plane at the height of the course's end, moved apart where they would touch.
    private func name(_ courses: [Course], _ drawing: inout SVG) {
        let apart = 16.0
        var labels = courses.compactMap { course -> (course: Course, end: (Double, Double), y: Double)? in
            guard let last = course.points.last(where: { $0.x.isFinite && $0.y.isFinite }) else { return nil }
            let end = place(last.x, last.y)
            return (course, end, end.1)
        }.sorted { ($0.y, $0.course.name) < ($1.y, $1.course.name) }
        for index in labels.indices.dropFirst() { labels[index].y = max(labels[index].y, labels[index - 1].y + apart) }
        let excess = (labels.last?.y ?? 0) - (top + height)
        if excess > 0 {
            for index in labels.indices { labels[index].y -= excess }
            for index in labels.indices.dropFirst().reversed() {
                labels[index - 1].y = min(labels[index - 1].y, labels[index].y - apart)
            }
        }
        for label in labels {
            let x = left + width + 14
            if label.end.0 < left + width - 1 || abs(label.y - label.end.1) > 1 {
                drawing.line((label.end.0 + 5, label.end.1), (x - 3, label.y), colour: SVG.grid)
            }
            drawing.text(label.course.name, x, label.y + 4, bold: true, colour: label.course.colour)
        }
    }
}
