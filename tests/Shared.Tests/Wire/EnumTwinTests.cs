// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Shared.Tests.Wire;

/// <summary>
/// Mapping casts enums by number: so each enum of the model and its twin on the wire must agree in every name and number.
/// </summary>
public sealed class EnumTwinTests
{
    // Not on the wire as enums: reasons travel as numbers (the table below is their contract), and hooks are known by their slots.
    private static readonly Type[] WithoutTwin = [typeof(ReasonCode), typeof(HookKind)];

    public static TheoryData<Type> ModelEnums() =>
        [.. typeof(ServiceSpec).Assembly.GetExportedTypes().Where(type => type.IsEnum && !WithoutTwin.Contains(type))];

    [Theory]
    [MemberData(nameof(ModelEnums))]
    public void An_enum_of_the_model_equals_its_twin_on_the_wire(Type model)
    {
        var twin = Assert.Single(ProtoSurface.Files().SelectMany(file => file.EnumTypes), one => one.Name == model.Name);
        var prefix = Upper(model.Name) + "_";
        var wire = twin.Values.Where(value => value.Number != 0).Select(value => $"{value.Name} = {value.Number}").Order();
        // What the model calls 0 is what is meant where nothing is said.
        var ours = Enum.GetValues(model).Cast<object>().Where(value => Convert.ToInt32(value) != 0)
            .Select(value => $"{prefix}{Upper(value.ToString()!)} = {Convert.ToInt32(value)}").Order();
        Assert.Equal(wire, ours);
        Assert.Equal(prefix + "UNSPECIFIED", twin.FindValueByNumber(0)?.Name);
    }

    [Fact]
    public void Reason_codes_are_for_ever()
    {
        var now = Enum.GetValues<ReasonCode>().Select(code => $"{(int)code} {code}");
        Assert.Equal(ReasonTable.Split('\n', StringSplitOptions.RemoveEmptyEntries), now);
    }

    // AgentAway -> AGENT_AWAY
    private static string Upper(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) ? $"_{c}" : $"{char.ToUpperInvariant(c)}"));

    // A new reason is added here and in docs; an old one keeps its number and name.
    private const string ReasonTable = """
        0 None
        1 ImageNotFound
        2 RegistryDenied
        3 RegistryUnreachable
        4 PullFailed
        10 InvalidConfiguration
        11 PortTaken
        12 Exited
        13 OutOfMemory
        14 Unhealthy
        15 CrashLoop
        16 CommandNotFound
        17 EngineError
        18 EngineUnavailable
        19 RemovedByHand
        30 ConstraintNotMet
        31 NoCpu
        32 NoMemory
        33 PortInUse
        34 VolumeHomeElsewhere
        35 VolumeHomeDown
        36 NodeFull
        37 NodePaused
        38 NodeDrained
        39 NodeDown
        40 NodeNotReady
        41 NodeEngineDown
        42 ImageNotOnNode
        43 FailedHere
        44 ExclusiveHeld
        45 DiskPressure
        60 NoNodeMatches
        61 NoNodeFreeNow
        62 NoReadyNode
        63 ImageBeingResolved
        64 MassLossBrake
        65 LeaderSettling
        66 IncarnationUnconfirmed
        67 UnknownToState
        80 ProgressDeadline
        81 Superseded
        82 ServiceRemoved
        83 Halted
        84 GateShut
        87 ReleaseReturned
        88 DependencyNotMet
        120 HookFailed
        121 HookTimedOut
        122 WaitsForHook
        123 AgentTooOld
        """;
}
