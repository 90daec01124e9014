// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Consul;

/// <summary>
/// Tells the refusals of a transaction apart. Consul answers 409 to all of them, a missing permission included; only the words
/// differ. Pure.
/// </summary>
internal static class TransactionRejection
{
    /// <summary>Picks the error that matters most: one failed operation makes others fail too.</summary>
    public static TransactionResult.Rejected Choose(IReadOnlyList<TransactionErrorJson> errors)
    {
        TransactionResult.Rejected? chosen = null;
        foreach (var error in errors)
        {
            var rejection = new TransactionResult.Rejected(Classify(error.What), error.OpIndex, error.What);
            if (chosen is null || Gravity(rejection.Kind) < Gravity(chosen.Kind))
                chosen = rejection;
        }

        return chosen ?? new TransactionResult.Rejected(RejectionKind.Other, -1, "refused without a reason");
    }

    /// <summary>Reads Consul's words. Keys stand quoted in them and can hold any words: only starts and ends are compared.</summary>
    public static RejectionKind Classify(string what)
    {
        if (Starts(what, "failed session check") || Starts(what, "failed to check session") || Starts(what, "invalid session")
            || Starts(what, "failed to lock key") || Starts(what, "failed to unlock key"))
            return RejectionKind.Session;
        if (Starts(what, "failed index check") || Starts(what, "failed to check index") || Ends(what, "index is stale"))
            return RejectionKind.Index;
        if (Starts(what, "Permission denied") || Starts(what, "ACL not found"))
            return RejectionKind.Permission;
        if (Starts(what, "key \"") && Ends(what, "\" exists"))
            return RejectionKind.Exists;
        if (Ends(what, "doesn't exist") || Ends(what, "not found"))
            return RejectionKind.NotFound;
        return RejectionKind.Other;
    }

    private static int Gravity(RejectionKind kind) => kind switch
    {
        RejectionKind.Session => 0,
        RejectionKind.Permission => 1,
        _ => 2,
    };

    private static bool Starts(string text, string words) => text.StartsWith(words, StringComparison.OrdinalIgnoreCase);

    private static bool Ends(string text, string words) => text.EndsWith(words, StringComparison.OrdinalIgnoreCase);
}
