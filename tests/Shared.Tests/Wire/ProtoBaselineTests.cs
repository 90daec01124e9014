// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Tests.Support;
using Google.Protobuf.Reflection;

namespace ClusterManager.Shared.Tests.Wire;

/// <summary>A change of the wire contract that others would not survive fails here (rules: proto/README.md).</summary>
public sealed class ProtoBaselineTests
{
    private const string File = "tests/Shared.Tests/Wire/proto-baseline.txt";

    [Fact]
    public void Nothing_of_the_baseline_was_removed_or_changed()
    {
        var now = ProtoSurface.Lines();
        if (Environment.GetEnvironmentVariable("CLUSTER_WRITE_BASELINE") == "1") System.IO.File.WriteAllLines(SourceTree.PathOf(File), now);
        var before = System.IO.File.ReadAllLines(SourceTree.PathOf(File));
        Assert.Equal([], Broken(before, now));
        Assert.True(before.Length > 400, "the baseline is cut short");
    }

    [Theory]
    [InlineData("field a.B.c = 1 single int32", "field a.B.c = 1 single int64")]
    [InlineData("field a.B.c = 1 single int32", "field a.B.c = 2 single int32")]
    [InlineData("field a.B.c = 1 single int32", "field a.B.d = 1 single int32")]
    [InlineData("field a.B.c = 1 single int32", "field a.B.c = 1 repeated int32")]
    [InlineData("value a.E.X = 1", "value a.E.X = 2")]
    [InlineData("method a.S.M (a.B) returns (a.C)", "method a.S.M (a.B) returns (stream a.C)")]
    public void A_change_is_seen_and_an_addition_is_not_one(string before, string after)
    {
        Assert.Equal([before], Broken([before], [after]));
        Assert.Empty(Broken([before], [before, after]));
    }

    [Fact]
    public void No_number_is_used_twice_and_none_is_reserved_and_used()
    {
        foreach (var message in ProtoSurface.Files().SelectMany(file => file.MessageTypes))
        {
            var proto = message.ToProto();
            var used = message.Fields.InDeclarationOrder().Select(field => field.FieldNumber).ToList();
            Assert.Equal(used.Count, used.Distinct().Count());
            Assert.DoesNotContain(used, number => proto.ReservedRange.Any(range => number >= range.Start && number < range.End));
        }
    }

    [Fact]
    public void Zero_means_unspecified_in_every_enum()
    {
        foreach (var one in ProtoSurface.Files()
            .SelectMany(file => file.EnumTypes.Concat(file.MessageTypes.SelectMany(message => message.EnumTypes))))
            Assert.EndsWith("_UNSPECIFIED", one.FindValueByNumber(0).Name, StringComparison.Ordinal);
    }

    [Fact]
    public void Units_come_last_in_the_name()
    {
        string[] units = ["ms", "ns", "bytes", "nano", "pem"];
        var wrong = Fields().Where(field => field.Name.Split('_')[..^1].Intersect(units).Any()).Select(field => field.FullName);
        Assert.Equal([], wrong);
    }

    private static List<string> Broken(IReadOnlyList<string> before, IReadOnlyList<string> now) =>
        [.. before.Except(now, StringComparer.Ordinal)];

    private static IEnumerable<FieldDescriptor> Fields() =>
        ProtoSurface.Files().SelectMany(file => file.MessageTypes).SelectMany(message => message.Fields.InDeclarationOrder());
}
