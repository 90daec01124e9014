// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;
using ClusterManager.Tests.Support;
using ClusterManager.Wire;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;

namespace ClusterManager.Shared.Tests.Wire;

/// <summary>
/// A spec that goes over the wire and back is the same spec, whatever is in it; and nothing of it is forgotten on the way.
/// </summary>
public sealed class SpecRoundTripTests
{
    // What OfTemplate leaves out, by its own documentation: it is applied to running containers, or concerns only the managers.
    private static readonly string[] NotOfTheTemplate =
    [
        "Mode", "Replicas", "Labels", "ProgressDeadline", "DrainDelay", "Container.StopGracePeriod", "Restart.Condition",
        "Restart.Delay", "Restart.MaxAttempts", "Restart.Window", "Update.Parallelism", "Update.ParallelismPercent", "Update.Order",
        "Update.Delay", "Update.Monitor", "Update.MaxFailureRatio", "Update.FailureAction", "Update.Strategy", "Update.Steps",
        "Update.Steps[].Amount", "Update.Steps[].IsPercent", "Update.Hold", "Update.Gates", "Update.Gates[].Kind",
        "Update.Gates[].Timeout", "Update.Gates[].Url", "Update.Gates[].Query", "Update.Gates[].Comparison",
        "Update.Gates[].Threshold", "Update.Gates[].Interval", "Update.KeepOld", "Update.PreDeploy.Command",
        "Update.PreDeploy.Timeout", "Update.PostDeploy.Command", "Update.PostDeploy.Timeout", "Track.Kind", "Track.Range", "DependsOn",
        "Track.Via", "Track.Interval", "Constraints", "Constraints[].Attribute",
        "Constraints[].IsEqual", "Constraints[].Value", "Resources.CpuReservationNano", "Resources.MemoryReservationBytes",
    ];

    private static readonly Arbitrary<ServiceSpec> AnySpec =
        Gen.Choose(int.MinValue, int.MaxValue).Select(seed => new Sampler(seed, odd: true).Next<ServiceSpec>()).ToArbitrary();

    private static readonly ServiceSpec Full = new Sampler(1).Next<ServiceSpec>();

    [Fact]
    public void A_spec_is_the_same_after_the_wire() => Prop.ForAll(AnySpec, spec =>
    {
        var back = V1(spec).ToModel();
        Assert.Equal(Described.Of(spec), Described.Of(back));
        Assert.Equal(SpecHash.OfSpec(spec), SpecHash.OfSpec(back));
        Assert.Equal(SpecHash.OfTemplate(spec), SpecHash.OfTemplate(back));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Every_property_is_in_the_wire_form_and_all_but_replicas_in_the_spec_hash()
    {
        var hashes = new HashSet<string>(StringComparer.Ordinal) { SpecHash.OfSpec(Full) };
        foreach (var (path, variant) in Variants.Of(Full))
        {
            // Bytes: generated equality takes an absent optional for its default value.
            Assert.True(variant.ToWire().ToByteString() != Full.ToWire().ToByteString(), $"{path} does not reach the wire");
            // The number of replicas belongs to the service, not to a revision.
            var same = SpecHash.OfSpec(variant) == SpecHash.OfSpec(Full);
            Assert.True(same == (path == "Replicas"), $"{path} is {(same ? "not " : "")}in the spec hash");
            hashes.Add(SpecHash.OfSpec(variant));
        }

        Assert.True(hashes.Count > 70, $"only {hashes.Count} variants: the sampler does not reach all properties");
    }

    [Fact]
    public void Every_property_but_the_documented_ones_is_in_the_template_hash()
    {
        foreach (var (path, variant) in Variants.Of(Full))
        {
            var same = SpecHash.OfTemplate(variant) == SpecHash.OfTemplate(Full);
            Assert.True(same == NotOfTheTemplate.Contains(path),
                $"{path}: a change {(same ? "would not" : "would")} replace the containers");
        }

        var reached = Variants.Of(Full).Select(one => one.Path).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], NotOfTheTemplate.Where(path => !reached.Contains(path)));
    }

    [Fact]
    public void A_hash_does_not_depend_on_the_order_of_maps()
    {
        KeyValuePair<string, string>[] pairs = [new("b", "2"), new("a", "1"), new("B", "3"), new("ä", "4")];
        var one = Full with { Labels = Maps.Of(pairs) };
        var other = Full with { Labels = Maps.Of(pairs.Reverse()) };
        Assert.Equal(SpecHash.OfSpec(one), SpecHash.OfSpec(other));
    }

    [Fact]
    public void A_forced_template_differs_from_every_other()
    {
        string[] hashes = [SpecHash.OfTemplate(Full), SpecHash.OfTemplate(Full, 1), SpecHash.OfTemplate(Full, 2)];
        Assert.Equal(3, hashes.Distinct().Count());
    }

    [Fact]
    public void Null_and_empty_are_two_things()
    {
        var absent = Full with { Container = Full.Container with { Command = null, Entrypoint = null } };
        var empty = Full with { Container = Full.Container with { Command = [], Entrypoint = [] } };
        Assert.Null(V1(absent).ToModel().Container.Command);
        Assert.Empty(V1(empty).ToModel().Container.Command!.Value);
        Assert.NotEqual(SpecHash.OfTemplate(absent), SpecHash.OfTemplate(empty));
    }

    // Through bytes, as it really travels.
    private static ClusterManager.Wire.V1.ServiceSpec V1(ServiceSpec spec) =>
        ClusterManager.Wire.V1.ServiceSpec.Parser.ParseFrom(spec.ToWire().ToByteArray());
}
