import CoreMetrics
import Observability
import Testing

@Suite struct `Metrics are told in Prometheus' text format` {
    @Test func `sorted, with their kinds, each name once`() {
        let factory = PrometheusFactory()
        factory.makeMeter(label: "b_gauge", dimensions: []).set(2.5)
        factory.makeCounter(label: "a_total", dimensions: [("z", "1"), ("a", "2")]).increment(by: 3)
        factory.makeCounter(label: "a_total", dimensions: [("a", "2"), ("z", "1")]).increment(by: 1)
        factory.makeCounter(label: "a_total", dimensions: [("a", "1")]).increment(by: 1)
        #expect(
            factory.text() == """
                # TYPE a_total counter
                a_total{a="1"} 1
                a_total{a="2",z="1"} 4
                # TYPE b_gauge gauge
                b_gauge 2.5

                """)
    }

    @Test func `names and labels that Prometheus could not read are made readable`() {
        let factory = PrometheusFactory()
        factory.makeCounter(label: "9 lives.total", dimensions: [("la bel", "a\"b\\c\nd")]).increment(by: 1)
        #expect(factory.text().contains(#"_9_lives_total{la_bel="a\"b\\c\nd"} 1"#))
    }

    @Test func `a histogram counts what is at most each bound`() {
        let factory = PrometheusFactory(bounds: [0.1, 1])
        let timer = factory.makeTimer(label: "seconds", dimensions: [("route", "/x")])
        for nanoseconds in [50_000_000, 100_000_000, 500_000_000, 5_000_000_000] as [Int64] {
            timer.recordNanoseconds(nanoseconds)
        }
        #expect(
            factory.text() == """
                # TYPE seconds histogram
                seconds_bucket{route="/x",le="0.1"} 2
                seconds_bucket{route="/x",le="1"} 3
                seconds_bucket{route="/x",le="+Inf"} 4
                seconds_sum{route="/x"} 5.65
                seconds_count{route="/x"} 4

                """)
    }

    @Test func `a name keeps its kind, and labels cannot fill the memory`() {
        let factory = PrometheusFactory(capacity: 2)
        factory.makeCounter(label: "x", dimensions: []).increment(by: 1)
        factory.makeMeter(label: "x", dimensions: []).set(9.0)
        for number in 0..<100 { factory.makeCounter(label: "y", dimensions: [("n", "\(number)")]).increment(by: 1) }
        #expect(
            factory.text() == """
                # TYPE x counter
                x 1
                # TYPE y counter
                y{n="0"} 1

                """)
    }

    @Test func `many at once lose nothing`() async {
        let factory = PrometheusFactory()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 { factory.makeCounter(label: "n", dimensions: []).increment(by: 1) }
                }
            }
        }
        #expect(factory.text().contains("n 8000"))
    }
}
