// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Net;

namespace ClusterManager.Load;

/// <summary>What the program is told.</summary>
public sealed record LoadOptions
{
    /// <summary>How the program is called.</summary>
    public const string Usage = """
        usage: Load --target TARGET… [option…]
          --target dns:NAME@RATE           a service by its SRV records (web.service.consul), RATE requests per second
          --target hosts:NAME:PORT@RATE    a service by the addresses of its name, all with this port
          --target proxy:ADDRESS:PORT@RATE a service behind a proxy
          --requests N     ends when so many were sent, to all targets together (5000)
          --until FILE     and not before this file exists
          --clients N      of each target, each with connections and a name cache of its own (4)
          --slow SHARE     of the requests that take long, 0 to 1 (0.1)
          --slow-ms MS     how long these take at the server (1000)
          --late-ms MS     an answer that takes longer than this counts as late (2000)
          --deadline-ms MS a request without an answer for so long has failed (10000)
          --dns ADDRESS    the name server (127.0.0.1:8600)
        """;

    /// <summary>What is asked; at least one.</summary>
    public IReadOnlyList<LoadTarget> Targets { get; init; } = [];

    /// <summary>Requests that are sent at least, over all targets.</summary>
    public long Requests { get; init; } = 5000;

    /// <summary>The run goes on until this file exists; null: it ends with the requests.</summary>
    public string? Until { get; init; }

    /// <summary>Clients of each target.</summary>
    public int Clients { get; init; } = 4;

    /// <summary>The share of slow requests.</summary>
    public double SlowShare { get; init; } = 0.1;

    /// <summary>How long a slow request takes at the server.</summary>
    public TimeSpan Slow { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longer than this is late.</summary>
    public TimeSpan Late { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longer than this has failed.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Who knows the services' names.</summary>
    public IPEndPoint NameServer { get; init; } = new(IPAddress.Loopback, 8600);

    /// <summary>Reads the command line; the options, or what is wrong with it.</summary>
    public static (LoadOptions? Options, string Error) Parse(IReadOnlyList<string> arguments)
    {
        var options = new LoadOptions();
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count) return (null, $"{arguments[i]} needs a value");
            if (options.With(arguments[i], arguments[i + 1]) is not { } next)
                return (null, $"{arguments[i]} {arguments[i + 1]}: not understood");
            options = next;
        }

        return options.Targets.Count == 0 ? (null, "at least one --target is needed") : (options, "");
    }

    private LoadOptions? With(string name, string value) => name switch
    {
        "--target" => LoadTarget.Parse(value) is { } target ? this with { Targets = [.. Targets, target] } : null,
        "--until" => this with { Until = value },
        "--dns" => IPEndPoint.TryParse(value, out var server) ? this with { NameServer = server } : null,
        "--requests" => Number(value, 1, long.MaxValue) is { } count ? this with { Requests = (long)count } : null,
        "--clients" => Number(value, 1, 1000) is { } clients ? this with { Clients = (int)clients } : null,
        "--slow" => Number(value, 0, 1) is { } share ? this with { SlowShare = share } : null,
        "--slow-ms" => Span(value) is { } slow ? this with { Slow = slow } : null,
        "--late-ms" => Span(value) is { } late ? this with { Late = late } : null,
        "--deadline-ms" => Span(value) is { } deadline ? this with { Deadline = deadline } : null,
        _ => null,
    };

    private static double? Number(string text, double min, double max) =>
        double.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;

    private static TimeSpan? Span(string text) => Number(text, 1, 600_000) is { } ms ? TimeSpan.FromMilliseconds(ms) : null;
}
