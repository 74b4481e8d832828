/// Shares work among threads, piece by piece, and puts the answers back in order: they do not depend on the number of threads.
func inParts<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], threads: Int, _ work: @escaping @Sendable (Input) throws -> Output
) async throws -> [Output] {
    let threads = max(1, threads)
    // Small parts: at the end nobody waits long for whoever has the last one.
    let size = max(1, min(8, inputs.count / (threads * 4)))
    let starts = Array(stride(from: 0, to: inputs.count, by: size))
    var parts = [[Output]](repeating: [], count: starts.count)
    try await withThrowingTaskGroup(of: (Int, [Output]).self) { group in
        var next = 0
        func add() {
            guard next < starts.count else { return }
            let (part, slice) = (next, inputs[starts[next]..<min(inputs.count, starts[next] + size)])
            next += 1
            group.addTask { (part, try slice.map(work)) }
        }
        for _ in 0..<threads { add() }
        while let (part, outputs) = try await group.next() {
            parts[part] = outputs
            add()
        }
    }
    return parts.flatMap { $0 }
}
