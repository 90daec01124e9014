// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;
using System.Text;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Output;
using ClusterManager.Cli.Shell;
using ClusterManager.Model;
using ClusterManager.Wire;
using Grpc.Core;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Commands;

/// <summary><c>cluster logs</c>: the lines of all replicas of services, merged.</summary>
internal static class LogsCommand
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    private sealed record Options(Argument<string[]> Names, Option<bool> Follow, Option<string?> Since, Option<int?> Tail,
        Option<bool> Timestamps);

    /// <summary>Makes the command.</summary>
    public static Command Make(CommandShell shell)
    {
        var command = new CliCommand("logs", "Show the logs of services, all replicas merged.",
            "cluster logs web --follow --since 10m\ncluster logs shop/web.2 --tail 100");
        var options = new Options(
            new Argument<string[]>("SERVICE") { Description = "Services, or one replica as web.2", Arity = ArgumentArity.OneOrMore },
            new Option<bool>("--follow", "-f") { Description = "Go on with new lines until Ctrl-C" },
            new Option<string?>("--since") { Description = "Only lines younger than this", HelpName = "DURATION" },
            new Option<int?>("--tail") { Description = "At most so many lines of each replica", HelpName = "N" },
            new Option<bool>("--timestamps", "-t") { Description = "Begin each line with its time" });
        options.Names.CompletionSources.Add(NameCompletion.Services(shell));
        command.Add(options.Names);
        command.Add(options.Follow);
        command.Add(options.Since);
        command.Add(options.Tail);
        command.Add(options.Timestamps);
        return shell.Bind(command, (session, parse, cancellationToken) => RunAsync(session, parse, options, cancellationToken));
    }

    private static async Task<ExitCode> RunAsync(
        CliSession session, ParseResult parse, Options options, CancellationToken cancellationToken)
    {
        var request = Request(parse, options);
        var newest = new Dictionary<string, long>(StringComparer.Ordinal);
        var lost = 0;
        while (true)
        {
            try
            {
                using var stream = session.Cluster.Stream(
                    (invoker, call) => new V1.ServiceApi.ServiceApiClient(invoker).Logs(request, call), null, cancellationToken);
                while (await stream.ResponseStream.MoveNext(cancellationToken))
                {
                    lost = 0;
                    Show(session, stream.ResponseStream.Current, newest, parse.GetValue(options.Timestamps));
                }

                if (!request.Follow) return ExitCode.Done;
            }
            catch (RpcException e) when (!cancellationToken.IsCancellationRequested)
            {
                var failure = CallFailure.Of(e);
                if (!failure.IsRetryable || ++lost > 20 || (!request.Follow && newest.Count > 0)) throw failure.Error;
            }
            catch (RpcException)
            {
                return ExitCode.Interrupted;
            }

            // A manager went away: the next one goes on where this one stopped.
            session.Cluster.MoveOn();
            await Task.Delay(Pause, session.Environment.Time, cancellationToken);
            if (newest.Count > 0)
                request.SinceAgeMs = Math.Max(1, session.Now.ToUnixTimeMilliseconds() - (newest.Values.Min() / 1_000_000) + 1000);
        }
    }

    private static V1.LogsRequest Request(ParseResult parse, Options options)
    {
        var request = new V1.LogsRequest { Follow = parse.GetValue(options.Follow), Tail = parse.GetValue(options.Tail) ?? 0 };
        if (parse.GetValue(options.Since) is { } since)
            request.SinceAgeMs = DurationText.TryParse(since, out var age) ? Math.Max(1, (long)age.TotalMilliseconds)
                : throw new CliException(ExitCode.BadInput, $"--since: '{since}' is not understood: {DurationText.Allowed} is");
        foreach (var name in parse.GetValue(options.Names)!)
        {
            var (service, slot) = Slot(name);
            request.Names.Add(ServiceName.Parse(service).ToWire());
            if (slot > 0) request.Slot = slot;
        }

        if (request.Slot > 0 && request.Names.Count > 1)
            throw new CliException(ExitCode.BadInput, "one replica, or several services: not both");
        return request;
    }

    /// <summary><c>web.2</c> is replica 2 of web, <c>web.pre_deploy</c> its hook; 0: all.</summary>
    internal static (string Service, int Slot) Slot(string name)
    {
        var dot = name.LastIndexOf('.');
        return dot > 0 && HookSlot.Parse(name.AsSpan(dot + 1)) is > 0 and var slot ? (name[..dot], slot) : (name, 0);
    }

    private static void Show(CliSession session, V1.LogBatch batch, Dictionary<string, long> newest, bool withTime)
    {
        if (batch.Notice.Length > 0) session.Note($"notice: {batch.Notice}");
        foreach (var line in batch.Lines)
        {
            var key = $"{line.Name}@{line.Node}";
            // Repeated after a reconnect.
            if (line.UnixNs > 0 && newest.TryGetValue(key, out var last) && line.UnixNs <= last) continue;
            newest[key] = line.UnixNs;
            var time = withTime ? $"{TimeText.Rfc3339(line.UnixNs / 1_000_000)} " : "";
            var text = Encoding.UTF8.GetString(line.Text.Span).TrimEnd('\r', '\n');
            session.Environment.Out.WriteLine($"{session.OutStyle.Strong($"{line.Name} {line.Node} |")} {time}{text}");
        }

        session.Environment.Out.Flush();
    }
}
