// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation;

/// <summary>How much of what goes wrong in a run; drawn from the seed, so that some runs are calm and some are storms.</summary>
internal sealed record FaultMix
{
    /// <summary>Machines of the cluster.</summary>
    public required int Hosts { get; init; }

    /// <summary>How many of them join only later; managers are there from the first.</summary>
    public required int LateHosts { get; init; }

    /// <summary>How many of them run a manager.</summary>
    public required int Managers { get; init; }

    /// <summary>Mean time between two faults of the whole cluster.</summary>
    public required TimeSpan FaultMean { get; init; }

    /// <summary>Mean time between two changes that an operator asks for.</summary>
    public required TimeSpan WorkMean { get; init; }

    /// <summary>Messages that are delayed by a retransmission.</summary>
    public required double Loss { get; init; }

    /// <summary>Answers of Consul that are lost though the request was carried out.</summary>
    public required double LostAnswers { get; init; }

    /// <summary>Reads of Consul that are old, where the program allows it.</summary>
    public required double StaleReads { get; init; }

    /// <summary>Calls to the engine that fail or whose answer is lost.</summary>
    public required double EngineTrouble { get; init; }

    /// <summary>Events of the engine that never come.</summary>
    public required double LostEvents { get; init; }

    /// <summary>Images that behave badly among those deployed.</summary>
    public required double BadImages { get; init; }

    /// <summary>Draws a mix.</summary>
    public static FaultMix Draw(ulong seed)
    {
        var chance = new SeededStream(seed, "mix");
        var isCalm = chance.Chance(0.1);
        return new FaultMix
        {
            Hosts = 3 + chance.Below(4),
            Managers = chance.Pick([1, 3, 3, 3]),
            FaultMean = isCalm ? TimeSpan.FromHours(10) : TimeSpan.FromSeconds(chance.Pick([8, 20, 40, 90])),
            WorkMean = TimeSpan.FromSeconds(chance.Pick([4, 10, 25])),
            Loss = chance.Pick([0, 0.01, 0.05]),
            LostAnswers = isCalm ? 0 : chance.Pick([0, 0.005, 0.03, 0.1]),
            StaleReads = chance.Pick([0, 0.05, 0.3]),
            EngineTrouble = isCalm ? 0 : chance.Pick([0, 0.005, 0.03]),
            LostEvents = isCalm ? 0 : chance.Pick([0, 0.02, 0.2]),
            BadImages = chance.Pick([0, 0.2, 0.5]),
            LateHosts = chance.Pick([0, 0, 1, 2]),
        };
    }

    /// <summary>Nothing goes wrong any more.</summary>
    public FaultMix Healed() => this with { Loss = 0, LostAnswers = 0, StaleReads = 0, EngineTrouble = 0, LostEvents = 0 };

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"{Hosts} hosts, {Managers} managers, a fault every {FaultMean.TotalSeconds} s, a change every {WorkMean.TotalSeconds} s, loss "
            + $"{Loss}, lost answers {LostAnswers}, stale reads {StaleReads}, engine trouble {EngineTrouble}, lost events {LostEvents}, "
                + $"bad images {BadImages}");
}
