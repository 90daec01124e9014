// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;

namespace ClusterManager.Lab.Tests.Joining;

/// <summary>Three bare hosts; the cluster is begun on h1 by hand, and the others join or are refused in the tests.</summary>
public sealed class JoiningFixture() : BareFixture(4, 3)
{
    /// <summary>A token that is valid for one minute from the fixture's start.</summary>
    public string ShortToken { get; private set; } = "";

    /// <summary>When <see cref="ShortToken"/> was made, on the monotonic clock.</summary>
    public long ShortTokenMade { get; private set; }

    /// <summary>What <c>cluster init</c> said.</summary>
    public CommandResult Init { get; private set; } = null!;

    /// <inheritdoc/>
    protected override async Task BeginAsync()
    {
        await base.BeginAsync();
        Init = (await InitAsync("h1")).Expect(0);
        ShortTokenMade = TimeProvider.System.GetTimestamp();
        ShortToken = await TokenAsync("--ttl", "1m");
    }

    /// <summary>Joins a host with a token.</summary>
    /// <param name="host">Which.</param>
    /// <param name="token">The token.</param>
    /// <param name="name">The node's name; null: the host's.</param>
    /// <param name="via">The host that is asked to let it in.</param>
    /// <param name="more">Further options.</param>
    public Task<CommandResult> JoinAsync(string host, string token, string? name = null, string via = "h1", params string[] more) =>
        ClusterAsync(host, ["join", $"{Lab.AddressOf(via)}:7443", "--token", token, .. HostOptions(host, name), .. more]);

    /// <summary>Makes a token.</summary>
    public Task<string> TokenAsync(params string[] options) => TokenOnAsync("h1", options);
}
