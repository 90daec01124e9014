// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>Makes a manifest of an answer, and believes nothing that can be checked. Pure.</summary>
internal static class ManifestAnswer
{
    private const string DigestHeader = "Docker-Content-Digest";

    /// <summary>What a HEAD says; null when that is not enough and the manifest has to be fetched.</summary>
    /// <exception cref="RegistryException">Another digest was asked for.</exception>
    public static Manifest? OfHead(RegistryReply reply, ContentDigest? asked)
    {
        if (MediaTypes.KindOf(reply.MediaType) is not { } kind) return null;
        if (!ContentDigest.TryParse(reply.Header(DigestHeader), out var digest)) return null;
        if (asked is not null && asked != digest) throw Untrue(reply.Host, $"{asked} was asked for, and it answers {digest}");
        return new Manifest { Digest = digest, Kind = kind, MediaType = reply.MediaType, Registry = reply.Host.Name };
    }

    /// <summary>A manifest that was fetched.</summary>
    /// <exception cref="RegistryException">It is none that is understood, or its digest is another.</exception>
    public static Manifest OfWhole(RegistryReply reply, ContentDigest? asked)
    {
        var body = reply.Body;
        if (asked is not null && !asked.IsOf(body)) throw Untrue(reply.Host, $"what it answers for {asked} has another digest");
        var digest = asked;
        if (ContentDigest.TryParse(reply.Header(DigestHeader), out var said))
        {
            if (!said.IsOf(body)) throw Untrue(reply.Host, $"it says {said}, and what it answers has another digest");
            digest ??= said;
        }

        var json = reply.Read(RegistryJson.Default.ManifestJson);
        var (kind, mediaType) = KindOf(reply, json);
        return new Manifest
        {
            Digest = digest ?? ContentDigest.Of(body),
            Kind = kind,
            MediaType = mediaType,
            Registry = reply.Host.Name,
            Entries = kind == ManifestKind.Index ? Entries(json) : [],
            Body = body,
        };
    }

    private static (ManifestKind Kind, string MediaType) KindOf(RegistryReply reply, ManifestJson json)
    {
        var isIndex = json.Manifests is not null;
        // A document that is both could be taken for either by two readers of the same digest (CVE-2021-41190).
        if (isIndex && (json.Config is not null || json.Layers is not null))
            throw reply.Host.Protocol("a manifest that is two kinds at once");
        var own = MediaTypes.KindOf(json.MediaType);
        var header = MediaTypes.KindOf(reply.MediaType);
        if (own is not null && header is not null && own != header)
            throw reply.Host.Protocol("a manifest whose kind differs from the one announced");
        var kind = own ?? header
            ?? throw reply.Host.Protocol("a manifest of a kind that is not understood (of an old or another format)");
        if (json.SchemaVersion != 2 || (kind == ManifestKind.Index) != isIndex)
            throw reply.Host.Protocol("a manifest whose content is not of its kind");
        return (kind, own is null ? reply.MediaType : json.MediaType!);
    }

    // An entry without a usable digest cannot be fetched, so it is none.
    private static List<ManifestEntry> Entries(ManifestJson json)
    {
        var entries = new List<ManifestEntry>();
        foreach (var entry in json.Manifests!)
        {
            if (entry is null || !ContentDigest.TryParse(entry.Digest, out var digest)) continue;
            entries.Add(new ManifestEntry(digest, entry.MediaType ?? "", entry.Size, PlatformOf(entry.Platform)));
        }

        return entries;
    }

    private static Platform? PlatformOf(PlatformJson? json) => json is { Os.Length: > 0, Architecture.Length: > 0 }
        ? new Platform(json.Os, json.Architecture, json.Variant ?? "")
        : null;

    private static RegistryException Untrue(RegistryHost host, string text) => new(RegistryErrorKind.Untrue, host.Name, text);
}
