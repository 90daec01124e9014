// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>How one <see cref="RegistryClient"/> reaches registries. Nothing is known of any registry but what stands here.</summary>
public sealed record RegistryClientOptions
{
    /// <summary>
    /// The registry, host and port, that an image without one is looked up in. Default null: such an image is refused with
    /// <see cref="RegistryErrorKind.NoRegistry"/>.
    /// </summary>
    public string? DefaultRegistry { get; init; }

    /// <summary>
    /// Where in <see cref="DefaultRegistry"/> an image of one part lives: <c>redis</c> is <c>library/redis</c> there. Default
    /// <c>library</c>, as engines have it; empty: at the root.
    /// </summary>
    public string DefaultNamespace { get; init; } = "library";

    /// <summary>What is special about single registries and mirrors, by the name that images or lists of mirrors give them.</summary>
    public IReadOnlyDictionary<string, RegistryHostOptions> Hosts { get; init; } =
        new Dictionary<string, RegistryHostOptions>(StringComparer.Ordinal);

    /// <summary>Where credentials come from; null: there are none.</summary>
    public IRegistryCredentials? Credentials { get; init; }

    /// <summary>How long a connection may take to be made. Default 3 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long one request may take, its answer's body included. Default 10 s.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long one call may take with all that belongs to it: mirrors, tokens, redirects, further pages. Default 30 s.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest manifest or page of tags that is read, in bytes. Default 4 MiB, what registries must accept.</summary>
    public int AnswerBytesMax { get; init; } = 4 << 20;

    /// <summary>How many tags one request asks for; registries may give fewer. Default 500.</summary>
    public int TagsPerPage { get; init; } = 500;

    /// <summary>Whether the environment's proxy (<c>HTTPS_PROXY</c>, <c>NO_PROXY</c>) is used. Default true.</summary>
    public bool UseProxy { get; init; } = true;

    /// <summary>Told of each mirror that did not help before the next place is asked; must be quick and thread-safe.</summary>
    public Action<RegistryException> MirrorFailed { get; init; } = static _ => { };

    /// <summary>The clock of deadlines and of tokens. Default the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
