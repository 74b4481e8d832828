import ArgumentParser

/// Which of the positions that are planned a command asks for.
struct PositionOptions: ParsableArguments {
    @Option(help: "Only this location.")
    var location: String?

    @Option(help: "Only locations of this region.")
    var region: String?

    @Option(help: "Only this item.")
    var item: String?

    /// All that a list has of them, page after page.
    ///
    /// - Parameters:
    ///   - list: the list's field in each page.
    ///   - others: parameters beside those of the position; nil leaves one out.
    func all(_ list: String, of path: String, _ others: [String: String?] = [:], from client: APIClient) async throws
        -> [JSONValue]
    {
        var found: [JSONValue] = []
        var next: String?
        repeat {
            let own = ["location": location, "region": region, "item": item, "limit": "500", "after": next]
            let asked = own.merging(others) { own, _ in own }
            let given = asked.compactMap { name, value in value.map { "\(name)=\(escaped($0))" } }.sorted()
            let page = try await client.get("\(path)?\(given.joined(separator: "&"))")
            found += page[list].list
            next = page["next"].string
        } while next != nil
        return found
    }
}
