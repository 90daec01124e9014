// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Planning.Reconciliation;
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Rollouts;

/// <summary>
/// What the gates of a canary's step amount to. Who is asked answers by events; what opened a gate for good is written into the rollout's
/// record, and everything else a new leader asks again.
/// </summary>
internal static class RolloutGates
{
    /// <summary>Opens what has been said yes to. Why the rollout can not go on; null: it can, or may still.</summary>
    /// <param name="draft">The service.</param>
    /// <param name="held">The end of the step's hold: timeouts count from here.</param>
    public static Reason? Judge(ServiceDraft draft, DateTimeOffset held)
    {
        var gates = draft.Update.Gates;
        for (var i = 0; i < gates.Length; i++)
        {
            if (IsOpen(draft.Rollout, i)) continue;
            var said = Said(draft, i);
            if (said is { Verdict: GateVerdict.Shut }) return Shut($"{Name(gates[i])} said no: {said.Text}");
            if (said is { Verdict: GateVerdict.Open } && Counts(gates[i], said, held))
            {
                draft.Service = draft.Service with { Rollout = draft.Rollout with { GatesOpen = draft.Rollout.GatesOpen | (1 << i) } };
                continue;
            }

            var end = held + gates[i].Timeout;
            if (draft.Now >= end)
                return Shut(TooLate(draft, gates[i], said));
            draft.LookAgain(end);
        }

        return null;
    }

    private static string TooLate(ServiceDraft draft, GateSpec gate, GateAnswer? said)
    {
        var within = $"within {Amounts.Span(gate.Timeout)}";
        return gate.Kind == GateKind.Approve ? draft.Rollout.HasColours ? $"nobody approved the switch {within}"
            : $"nobody approved step {draft.Rollout.Step + 1} {within}"
            : $"{Name(gate)} did not open {within}{(said is null ? "" : $": {said.Text}")}";
    }

    /// <summary>Every gate of the step is open.</summary>
    public static bool AreOpen(ServiceDraft draft) => Enumerable.Range(0, draft.Update.Gates.Length).All(i => IsOpen(draft.Rollout, i));

    /// <summary>The gate of the step under way is open.</summary>
    public static bool IsOpen(RolloutRecord rollout, int gate) => (rollout.GatesOpen & (1 << gate)) != 0;

    /// <summary>A gate as operators read it.</summary>
    public static string Name(GateSpec gate) => gate.Kind switch
    {
        GateKind.Approve => "the approval",
        GateKind.Http => $"the gate {gate.Url}",
        _ => $"the query '{gate.Query}' at {gate.Url}",
    };

    /// <summary>A figure has to hold to the hold's end; a program says yes once.</summary>
    private static bool Counts(GateSpec gate, GateAnswer said, DateTimeOffset held) => gate.Kind != GateKind.Prometheus || said.At >= held;

    private static GateAnswer? Said(ServiceDraft draft, int gate) =>
        draft.Turn.Memory.GateAnswers.GetValueOrDefault(draft.Service.Id)?.GetValueOrDefault(gate) is { } said
        && said.Rollout == draft.Rollout.Number && said.Step == draft.Rollout.Step && said.At >= draft.Rollout.StepReachedAt ? said : null;

    private static Reason Shut(string text) => new(ReasonCode.GateShut, text);
}
