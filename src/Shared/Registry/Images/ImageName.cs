// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;

namespace ClusterManager.Registry;

/// <summary>
/// An image reference in its parts: <c>registry.lab:5000/shop/web:1.4@sha256:…</c>. Parsed as the Docker Engine does; nothing is filled in
/// but the tag, since which registry a bare name means is a setting (<see cref="RegistryClientOptions.DefaultRegistry"/>).
/// </summary>
public sealed record ImageName
{
    /// <summary>What a reference without tag and digest means.</summary>
    public const string DefaultTag = "latest";

    private ImageName(string? registry, string repository, string? tag, ContentDigest? digest) =>
        (Registry, Repository, Tag, Digest) = (registry, repository, tag, digest);

    /// <summary>The registry's host, with its port when it has one; null when the reference names none.</summary>
    public string? Registry { get; }

    /// <summary>The repository in that registry, such as <c>shop/web</c>.</summary>
    public string Repository { get; }

    /// <summary>The tag; null only when there is a digest instead.</summary>
    public string? Tag { get; }

    /// <summary>The digest that is asked for; null: whatever the tag means.</summary>
    public ContentDigest? Digest { get; }

    /// <summary>What stands behind <c>/manifests/</c> in a request: a digest decides over a tag.</summary>
    internal string Reference => Digest?.ToString() ?? Tag ?? DefaultTag;

    /// <summary>Reads a reference.</summary>
    /// <param name="reference">As a person wrote it.</param>
    /// <param name="name">Its parts; null when the method returns false.</param>
    /// <returns>False when it is none; nothing but its grammar is looked at.</returns>
    public static bool TryParse(string? reference, [NotNullWhen(true)] out ImageName? name)
    {
        name = null;
        if (string.IsNullOrEmpty(reference)) return false;
        var at = reference.IndexOf('@', StringComparison.Ordinal);
        ContentDigest? digest = null;
        if (at >= 0 && !ContentDigest.TryParse(reference[(at + 1)..], out digest)) return false;
        var rest = at < 0 ? reference : reference[..at];
        var colon = rest.LastIndexOf(':');
        string? tag = null;
        // A colon before the last slash belongs to a registry's port.
        if (colon > rest.LastIndexOf('/'))
        {
            tag = rest[(colon + 1)..];
            if (!ImageGrammar.IsTag(tag)) return false;
            rest = rest[..colon];
        }

        var (registry, repository) = SplitRegistry(rest);
        if (rest.Length > ImageGrammar.NameLengthMax || !ImageGrammar.IsRepository(repository)) return false;
        if (registry is not null && !ImageGrammar.IsHost(registry)) return false;
        name = new ImageName(registry, repository, tag ?? (digest is null ? DefaultTag : null), digest);
        return true;
    }

    /// <summary>Reads a reference.</summary>
    /// <param name="reference">As a person wrote it.</param>
    /// <exception cref="FormatException">It is no image reference.</exception>
    public static ImageName Parse(string reference) =>
        TryParse(reference, out var name) ? name : throw new FormatException($"'{reference}' is no image reference");

    /// <summary>The same repository under another tag.</summary>
    /// <param name="tag">The tag.</param>
    /// <exception cref="ArgumentException">It is no tag.</exception>
    public ImageName WithTag(string tag) => ImageGrammar.IsTag(tag)
        ? new ImageName(Registry, Repository, tag, null)
        : throw new ArgumentException($"'{tag}' is no tag", nameof(tag));

    /// <summary>The same repository by digest alone.</summary>
    /// <param name="digest">The digest.</param>
    public ImageName WithDigest(ContentDigest digest) => new(Registry, Repository, null, digest);

    /// <summary>Registry and repository, without tag and digest.</summary>
    public string Name => Registry is null ? Repository : $"{Registry}/{Repository}";

    /// <summary>The reference, with the tag that an absent one means.</summary>
    public override string ToString() => Name + (Tag is null ? "" : $":{Tag}") + (Digest is null ? "" : $"@{Digest}");

    // The first part is a host only when it looks like one: else "shop/web" would be a machine named shop.
    private static (string? Registry, string Repository) SplitRegistry(string name)
    {
        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash <= 0) return (null, name);
        var first = name[..slash];
        var isHost = first == "localhost" || first.AsSpan().IndexOfAny('.', ':', '[') >= 0 || first.Any(char.IsAsciiLetterUpper);
        return isHost ? (first, name[(slash + 1)..]) : (null, name);
    }
}
