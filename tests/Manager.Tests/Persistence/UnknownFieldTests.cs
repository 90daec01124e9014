// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Persistence;

/// <summary>An older version that leads for a while loses nothing that a newer one wrote.</summary>
public sealed class UnknownFieldTests
{
    private static readonly NodeRecord Node = ModelCluster.NodeNumber(1);

    [Fact]
    public void Fields_of_a_newer_version_are_written_again_with_the_record()
    {
        var key = StateKeys.Node(Node.Id);
        var unknown = UnknownFields.Of([new KvEntry { Key = key, Value = WithField(RecordCodec.ToStored(Node), 900, "new") }]);
        var changed = Node with { Address = "192.0.2.99" };
        var written = StoredFormat.Encode(RecordCodec.ToStored(changed), unknown[key]);

        Assert.Equal("192.0.2.99", StoredFormat.Decode(key, written, V1.StoredNode.Parser).Address);
        Assert.Equal("new", FieldOf(written, 900));
    }

    [Fact]
    public void Records_that_this_version_knows_whole_have_none()
    {
        var value = StoredFormat.Encode(RecordCodec.ToStored(Node));
        Assert.Empty(UnknownFields.Of([new KvEntry { Key = StateKeys.Node(Node.Id), Value = value }]));
    }

    [Fact]
    public void Damage_is_left_to_whoever_reads_the_record() =>
        Assert.Empty(UnknownFields.Of([new KvEntry { Key = StateKeys.Node(Node.Id), Value = [StoredFormat.Current, 0xFF, 0xFF] }]));

    private static byte[] WithField(IMessage message, int number, string text)
    {
        using var more = new MemoryStream();
        using (var output = new CodedOutputStream(more, leaveOpen: true))
        {
            output.WriteTag(number, WireFormat.WireType.LengthDelimited);
            output.WriteString(text);
        }

        return [.. StoredFormat.Encode(message), .. more.ToArray()];
    }

    private static string? FieldOf(byte[] stored, int number)
    {
        using var input = new CodedInputStream(stored[1..]);
        while (input.ReadTag() is var tag and not 0)
        {
            if (WireFormat.GetTagFieldNumber(tag) == number) return input.ReadString();
            input.SkipLastField();
        }

        return null;
    }
}
