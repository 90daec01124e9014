// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Persistence;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Persistence;

/// <summary>A manager leads from what it can read, or not at all.</summary>
public sealed class StoredFormatTests
{
    public static TheoryData<byte[], string> Refused() => new()
    {
        { [], "empty" },
        { [0, 1, 2], "format byte is 0" },
        { [StoredFormat.Current + 1], "upgrade this manager" },
        { [255, 10, 1, 65], "upgrade this manager" },
        { [StoredFormat.Current, 10, 200], "damaged" },
        { [StoredFormat.Current, 0xFF, 0xFF, 0xFF], "damaged" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void An_unreadable_value_is_refused_with_its_key(byte[] value, string problem)
    {
        var error = Assert.Throws<StateUnreadableException>(() => StoredFormat.Decode("cm/v1/meta", value, V1.StoredMeta.Parser));
        Assert.Contains("cm/v1/meta", error.Message, StringComparison.Ordinal);
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Any_cut_of_a_value_is_refused_or_read_but_never_crashes()
    {
        var whole = StoredFormat.Encode(new V1.StoredMeta { ClusterId = new string('a', 32), Incarnation = 1, Name = "test" });
        for (var length = 0; length < whole.Length; length++)
        {
            try
            {
                StoredFormat.Decode("k", whole.AsSpan(0, length), V1.StoredMeta.Parser);
            }
            catch (StateUnreadableException)
            {
                // As it should be.
            }
        }
    }

    [Fact]
    public void Keys_are_what_the_documents_say()
    {
        Assert.Equal("cm/v1/nodes/00000000000000000000000000000001", StateKeys.Node(new(1)));
        Assert.Equal("cm/v1/services/7", StateKeys.Service(new(7)));
        Assert.Equal("cm/v1/revisions/7/2", StateKeys.Revision(new(7), 2));
        Assert.Equal("cm/v1/allocations/7/0", StateKeys.Chunk(new(7), 0));
        Assert.Equal("cm/v1/volumes/shop/data", StateKeys.Volume("shop", "data"));
        Assert.Equal("cm/v1/requests/1", StateKeys.Request(257));
    }
}
