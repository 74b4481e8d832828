"""The names of everything in the sample company. All are invented, and stable."""

SEED = 20261102

ITEMS = {
    # category: (code, nouns, variants)
    "Fasteners": (
        "FA",
        ["Hex Bolt", "Carriage Bolt", "Lag Screw", "Machine Screw", "Lock Nut"],
        ["M6", "M8", "M10", "M12", "M16"],
    ),
    "Pipe and Fittings": (
        "PF",
        ["Copper Elbow", "Ball Valve", "PVC Tee", "Gate Valve", "Compression Union"],
        ["1/2 in", "3/4 in", "1 in", "1-1/2 in", "2 in"],
    ),
    "Electrical": (
        "EL",
        ["Circuit Breaker", "Conduit", "Junction Box", "Contactor", "Wire Connector"],
        ["10 A", "16 A", "20 A", "32 A", "63 A"],
    ),
    "Safety": (
        "SA",
        ["Nitrile Gloves", "Safety Glasses", "Hard Hat", "Ear Plugs", "Respirator"],
        ["S", "M", "L", "XL", "XXL"],
    ),
    "Hand Tools": (
        "HT",
        ["Combination Wrench", "Socket", "Screwdriver", "Pliers", "Hammer"],
        ["8 mm", "10 mm", "13 mm", "17 mm", "19 mm"],
    ),
    "Lubricants": (
        "LU",
        ["Gear Oil", "Hydraulic Oil", "Bearing Grease", "Cutting Fluid", "Penetrating Oil"],
        ["ISO 32", "ISO 46", "ISO 68", "ISO 100", "ISO 220"],
    ),
    "Bearings": (
        "BE",
        ["Ball Bearing", "Roller Bearing", "Pillow Block", "Thrust Bearing", "Needle Bearing"],
        ["6202", "6203", "6204", "6205", "6206"],
    ),
    "Janitorial": (
        "JA",
        ["Floor Cleaner", "Paper Towel", "Trash Liner", "Degreaser", "Absorbent Pad"],
        ["small", "medium", "large", "bulk", "jumbo"],
    ),
}

# code, name, share of the demand
WAREHOUSES = [
    ("DC-EAST", "East Distribution Center", 1.0),
    ("DC-CENTRAL", "Central Distribution Center", 1.4),
    ("DC-WEST", "West Distribution Center", 0.7),
]

SUPPLIERS = [
    "Alden Fastener Works", "Bexley Valve", "Carrow Electric", "Dunmore Safety", "Eastlake Tool", "Fenwick Lubricants",
    "Garrick Bearing", "Hollis Paper", "Ironbridge Steel", "Juniper Chemical", "Kestrel Import", "Larkfield Pipe",
    "Marlow Switchgear", "Norcross Glove", "Osprey Forge", "Pemberton Oil", "Quarry Hill Supply", "Redfern Rubber",
    "Stanwick Trading", "Thornbury Industrial",
]

CUSTOMERS = [
    "Adair Mechanical", "Bluff City Schools", "Cobalt Fabrication", "Delta Plumbing", "Eagle Ridge Mining",
    "Foxglove Foods", "Granite Builders", "Harbor Marine", "Inland Rail", "Jasper County", "Keystone HVAC",
    "Lakeside Hospital", "Mesa Drilling", "Noble Electric", "Oak Street Garage", "Pioneer Dairy", "Quail Run Homes",
    "Ridgeway Paper", "Summit Elevators", "Tidewater Shipyard", "Union Bakery", "Valley Co-op", "Westgate Mall",
    "Yellowstone Lumber",
]
