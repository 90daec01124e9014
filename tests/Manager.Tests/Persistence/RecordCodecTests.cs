// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Model;
using ClusterManager.Tests.Support;
using ClusterManager.Wire;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Persistence;

/// <summary>
/// Every stored record comes back as it was, whatever is in it. The sampler fills new properties too: a forgotten one fails here.
/// </summary>
public sealed class RecordCodecTests
{
    private const int Seeds = 100;

    private static readonly ImmutableSortedDictionary<string, SpecHashes> NoHashes =
        ImmutableSortedDictionary.Create<string, SpecHashes>(StringComparer.Ordinal);

    [Fact]
    public void Nodes_round_trip() => RoundTrip<NodeRecord, V1.StoredNode>(RecordCodec.ToStored, RecordCodec.ToRecord);

    [Fact]
    public void Services_round_trip() => RoundTrip<ServiceRecord, V1.StoredService>(
        RecordCodec.ToStored, RecordCodec.ToRecord,
        service => service with
        {
            Verdicts = service.Verdicts.ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value with { Revision = pair.Key }),
        });

    [Fact]
    public void Revisions_round_trip() => RoundTrip<RevisionRecord, V1.StoredRevision>(RecordCodec.ToStored, RecordCodec.ToRecord);

    [Fact]
    public void Volumes_round_trip() => RoundTrip<VolumeRecord, V1.StoredVolume>(RecordCodec.ToStored, RecordCodec.ToRecord);

    [Fact]
    public void Tokens_round_trip() => RoundTrip<TokenRecord, V1.StoredToken>(RecordCodec.ToStored, RecordCodec.ToRecord);

    [Fact]
    public void Logins_round_trip() => RoundTrip<RegistryLoginRecord, V1.StoredRegistryLogin>(LoginCodec.ToStored, LoginCodec.ToRecord);

    [Fact]
    public void Releases_in_the_history_round_trip() => RoundTrip<ReleaseEntry, V1.StoredReleaseEntry>(
        ReleaseCodec.ToStored,
        ReleaseCodec.ToRecord,
        entry => entry with
        {
            Members = entry.Members.Values.Select((member, i) => member with { Name = $"{i}" })
                .ToImmutableSortedDictionary(member => member.Name, member => member, StringComparer.Ordinal),
        });

    [Fact]
    public void Pins_round_trip() => RoundTrip<PinRecord, V1.StoredPin>(PinCodec.ToStored, PinCodec.ToRecord);

    [Fact]
    public void Requests_round_trip() => RoundTrip<RequestRecord, V1.StoredRequest>(RecordCodec.ToStored, RecordCodec.ToRecord);

    [Fact]
    public void Meta_round_trips() => RoundTrip<ClusterMeta, V1.StoredMeta>(RecordCodec.ToStored, RecordCodec.ToRecord);

    // Hashes are not stored: they are computed again from the specs.
    [Fact]
    public void Releases_round_trip() => RoundTrip<ReleaseRecord, V1.StoredRelease>(
        RecordCodec.ToStored,
        stored => RecordCodec.ToRecord(stored) with { Hashes = NoHashes },
        release => release with { Hashes = NoHashes });

    [Fact]
    public void A_release_comes_back_with_the_hashes_of_its_specs()
    {
        var release = new Sampler(1).Next<ReleaseRecord>();
        var back = RecordCodec.ToRecord(RecordCodec.ToStored(release));
        Assert.All(release.Services, spec => Assert.Equal(
            new SpecHashes(SpecHash.OfSpec(spec), SpecHash.OfTemplate(spec)), back.Hashes[spec.Name.Name]));
    }

    // The chunk's service is that of all its allocations, and is stored once.
    [Fact]
    public void Chunks_round_trip() => RoundTrip<AllocationChunk, V1.StoredAllocationChunk>(
        RecordCodec.ToStored, RecordCodec.ToRecord,
        chunk =>
            chunk with { Allocations = [.. chunk.Allocations.Select(one => one with { Id = one.Id with { Service = chunk.Service } })] });

    [Fact]
    public void What_a_newer_manager_added_is_kept()
    {
        var newer = RecordCodec.ToStored(new Sampler(1).Next<NodeRecord>()).ToByteArray();
        // Field 999, a string: unknown to this version.
        byte[] bytes = [StoredFormat.Current, .. newer, 0xBA, 0x3E, 0x03, (byte)'n', (byte)'e', (byte)'w'];
        var read = StoredFormat.Decode("k", bytes, V1.StoredNode.Parser);
        Assert.Equal(bytes, StoredFormat.Encode(read));
    }

    private static void RoundTrip<TRecord, TStored>(
        Func<TRecord, TStored> toStored, Func<TStored, TRecord> toRecord, Func<TRecord, TRecord>? fit = null)
        where TStored : IMessage<TStored>, new()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var record = new Sampler(seed).Next<TRecord>();
            Check(fit is null ? record : fit(record), toStored, toRecord);
        }

        var full = (object)new Sampler(1).Next<TRecord>()!;
        foreach (var (path, variant) in Variants.Of(full).Where(one => IsWritten(one.Variant)))
        {
            var record = (TRecord)variant;
            if (path.StartsWith("Spec.", StringComparison.Ordinal) || path.StartsWith("Services[].", StringComparison.Ordinal)) continue;
            Check(fit is null ? record : fit(record), toStored, toRecord);
        }
    }

    // The mapping of specs has its own tests; an image without what it is pinned to is no image.
    private static bool IsWritten(object record) => record is not RevisionRecord { Image.Pinned.Length: 0 };

    private static void Check<TRecord, TStored>(TRecord record, Func<TRecord, TStored> toStored, Func<TStored, TRecord> toRecord)
        where TStored : IMessage<TStored>, new()
    {
        var bytes = StoredFormat.Encode(toStored(record));
        var back = toRecord(StoredFormat.Decode("k", bytes, new MessageParser<TStored>(() => new TStored())));
        Assert.Equal(Described.Of(record), Described.Of(back));
    }
}
