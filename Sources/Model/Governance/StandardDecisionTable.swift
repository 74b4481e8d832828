import Vocabulary

extension DecisionTable {
    /// The table that a new installation starts with; `plimsoll` writes it out for its owner to change.
    public static let standardText = """
        # The decision table of Plimsoll: what happens to a recommendation.
        #
        # Rows are read from top to bottom; the first whose conditions all hold decides. A figure that is not
        # known satisfies no condition, so what nobody foresaw falls through to the last row, which asks a person.
        # What each entry means: docs/concepts/decision-table.md
        version: 1

        # How much each role may approve; a role that is not named has no limit.
        limits:
          currency: USD
          roles:
            planner: 10000
            buyer: 25000

        # How far live figures may be from the assumed ones: within EITHER bound is within tolerance.
        tolerances:
          percent: 10
          absolute: 5
          figures:
            leadTimeDays: {percent: 25, absolute: 2}

        approval:
          dueHours: 8
          escalateAfterHours: 24
          escalateTo: operations
          expireAfterHours: 72

        rows:
          - name: checks-failed
            reason: A check failed, so the action would do harm or could not be carried out.
            when: {checks: failed}
            then: {hold: planning}

          - name: drifted
            reason: The stock or the orders are no longer what the recommendation was made on.
            when: {drift: beyond}
            then: {hold: planning}

          - name: no-room
            reason: The goods would find no room where they go.
            when:
              kind: [createTransfer, createPurchaseProposal]
              capacity: exceeded
            then: {hold: warehouse}

          - name: above-ten-thousand
            reason: More than 10,000 is at stake, which two people have to agree on.
            when: {value: "> 10000"}
            then:
              requireTwoPeople: {roles: [buyer, operations]}

          - name: vital-purchase
            reason: A vital item is bought, and its buyer answers for its supply.
            when:
              kind: createPurchaseProposal
              criticality: vital
            then: {requireApproval: {roles: [buyer]}}

          - name: provisional-forecast
            reason: The forecast behind this is provisional, so a planner looks at it first.
            when: {provisional: true}
            then: {requireApproval: {roles: [planner]}}

          - name: doubtful
            reason: The source itself has little confidence in this recommendation.
            when: {confidence: "< 0.5"}
            then: {requireApproval: {roles: [planner]}}

          - name: checks-warned
            reason: A check found something that a planner should see.
            when: {checks: warned}
            then: {requireApproval: {roles: [planner]}}

          - name: small-policy-change
            reason: The policy changes by less than 10 % and little money is at stake.
            when:
              kind: setInventoryPolicy
              changePercent: "< 10"
              value: "< 1000"
              criticality: [low, normal, high]
              drift: within
            then: autoApprove

          - name: small-transfer
            reason: Goods worth less than 500 move between locations of ours that have room for them.
            when:
              kind: createTransfer
              value: "< 500"
              criticality: [low, normal]
              capacity: fits
              drift: within
            then: autoApprove

          - name: purchase
            reason: Money leaves the company, so a planner or a buyer agrees to it.
            when: {kind: createPurchaseProposal}
            then: {requireApproval: {roles: [planner, buyer]}}

          - name: everything-else
            reason: No row above covers this, so a planner decides.
            then: {requireApproval: {roles: [planner]}}
        """

    /// The standard table, read.
    ///
    /// - Throws: never, as a test makes sure; `governance.decisionTableInvalid` by its type.
    public static var standard: DecisionTable {
        get throws(Fault) { try DecisionTable(yaml: standardText, file: "decision-table.yaml") }
    }
}
