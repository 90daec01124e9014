// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Shell;
using Grpc.Net.Client;

namespace ClusterManager.Cli.Tests.Fixtures;

/// <summary>Runs command lines in this process against given managers, with a fixed clock of day.</summary>
internal sealed class CliRun
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 10, 2, 11, TimeSpan.Zero);

    public Dictionary<string, string> Variables { get; } = new() { ["CLUSTER_CONFIG"] = "/nowhere/cluster/config.yaml" };

    public string Directory { get; set; } = "/";

    public bool IsTerminal { get; set; }

    public TextReader? In { get; set; }

    /// <summary>What is piped in.</summary>
    public string Piped { get; set; } = "";

    /// <summary>Real channels with TLS and the real clock, as the program itself uses them.</summary>
    public bool IsSecure { get; set; }

    public string Out { get; private set; } = "";

    public string Error { get; private set; } = "";

    public CliRun(params string[] managers)
    {
        if (managers.Length > 0) Variables["CLUSTER_MANAGER"] = string.Join(',', managers);
    }

    public async Task<int> RunAsync(string line, CancellationToken cancellationToken = default) =>
        await RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), cancellationToken);

    public async Task<int> RunAsync(string[] words, CancellationToken cancellationToken = default)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await CliApplication.RunAsync(words, Environment(output, error), cancellationToken);
        (Out, Error) = (output.ToString(), error.ToString());
        return code;
    }

    public CliEnvironment Environment(TextWriter output, TextWriter error) => new()
    {
        Out = TextWriter.Synchronized(output),
        Error = TextWriter.Synchronized(error),
        In = In,
        Input = () => new MemoryStream(System.Text.Encoding.UTF8.GetBytes(Piped)),
        IsOutTerminal = IsTerminal,
        IsErrorTerminal = IsTerminal,
        Variables = Variables,
        Directory = Directory,
        Time = IsSecure ? TimeProvider.System : new FixedDay(Now),
        Channels = IsSecure ? new ChannelFactory() : new PlainChannels(),
        CompletionLimit = TimeSpan.FromSeconds(10),
    };

    /// <summary>The wall clock begins at a fixed time; timers and elapsed time are real.</summary>
    private sealed class FixedDay(DateTimeOffset start) : TimeProvider
    {
        private readonly long _begin = System.GetTimestamp();

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public override DateTimeOffset GetUtcNow() => start + System.GetElapsedTime(_begin);
    }

    private sealed class PlainChannels : IChannelFactory
    {
        // Deadlines of calls are made with the fixed day, so the channel needs the same clock.
        public GrpcChannel Open(ClusterContext context, string address, TimeSpan connectTimeout, TimeProvider time) =>
            GrpcChannel.ForAddress($"http://{address}", new GrpcChannelOptions { ConnectTimeout = TimeSpan.FromSeconds(10),
                TimeProvider = time });
    }
}
