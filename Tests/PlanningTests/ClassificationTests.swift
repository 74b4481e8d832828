import Planning
import Testing

@Suite struct `Classification` {
    @Test(arguments: [
        ([10.0, 11, 9, 10, 12], DemandClass.smooth), ([4, 0, 5, 0, 4, 0], .intermittent), ([1, 20, 2, 1, 30, 1], .erratic),
        ([1, 0, 0, 20, 0, 1], .lumpy),
    ])
    func `reads the class from gaps and sizes`(values: [Double], expected: DemandClass) throws {
        #expect(try #require(DemandPattern(DemandSeries(values))).demandClass == expected)
    }

    @Test func `works out the interval and the squared variation`() throws {
        let pattern = try #require(DemandPattern(DemandSeries([4, 0, 0, 6, 0, 5, 0, 0])))
        #expect(isClose(pattern.averageInterval, 8.0 / 3))
        #expect(isClose(pattern.squaredVariation, 0.04))
        #expect(DemandPattern(try DemandSeries([0, 0])) == nil)
    }

    @Test func `gives A to what makes the value and C to what makes none`() {
        #expect(ValueClass.classify(annualValues: [5, 700, 100, 150, 45, 0]) == [.c, .a, .b, .a, .c, .c])
        #expect(ValueClass.classify(annualValues: [9]) == [.a])
        #expect(ValueClass.classify(annualValues: [0, .nan, -1]) == [.c, .c, .c])
        #expect(ValueClass.classify(annualValues: []).isEmpty)
    }

    @Test func `gives X to the steady and Z to the unsteady`() throws {
        #expect(VariationClass(try DemandSeries([10, 11, 9])) == .x)
        #expect(VariationClass(try DemandSeries([10, 2, 18, 10, 20, 1])) == .y)
        #expect(VariationClass(try DemandSeries([0, 0, 9, 0])) == .z)
        #expect(VariationClass(try DemandSeries([0, 0])) == .z)
    }

    @Test func `finds the lot that demand comes in`() throws {
        #expect(try DemandSeries([24, 0, 36, 12]).grain == 12)
        #expect(try DemandSeries([0.25, 1.5]).grain == 0.25)
        #expect(try DemandSeries([1, 2.0.squareRoot()]).grain == 0)
        #expect(try DemandSeries([0, 0]).grain == 0)
    }
}
