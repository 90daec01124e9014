// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Text;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.Tests.Support;

namespace ClusterManager.Manager.Tests.Credentials;

/// <summary>A helper whose tokens live for a while on the test's clock.</summary>
internal sealed class HelperDouble(VirtualTime time) : IHelperRunner
{
    private readonly Dictionary<string, DateTimeOffset> _ends = [];

    public int Runs { get; private set; }

    public TimeSpan Life { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>What it prints instead of a token; null: a token.</summary>
    public string? Output { get; set; }

    /// <summary>What every run waits for.</summary>
    public TaskCompletionSource Gate { get; set; } = Open();

    public bool IsAlive(string token) => _ends.TryGetValue(token, out var end) && time.GetUtcNow() < end;

    public async Task<byte[]> AskAsync(string helper, string registry, CancellationToken cancellationToken)
    {
        await Gate.Task;
        var token = $"token-{++Runs}";
        var end = time.GetUtcNow() + Life;
        _ends[token] = end;
        var text = end.ToString("O", CultureInfo.InvariantCulture);
        var answer = $$"""{"ServerURL":"{{registry}}","Username":"puller","Secret":"{{token}}","ExpiresAt":"{{text}}"}""";
        return Encoding.UTF8.GetBytes(Output ?? answer);
    }

    private static TaskCompletionSource Open()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
