// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Benchmarks.Common;
using ClusterManager.Benchmarks.Failover;
using ClusterManager.Benchmarks.FalseDeaths;
using ClusterManager.Benchmarks.Hollow;
using ClusterManager.Benchmarks.Speed;
using ClusterManager.Benchmarks.Step;
using ClusterManager.Benchmarks.Update;

namespace ClusterManager.Benchmarks;

/// <summary>The command behind <c>scripts/bench.sh</c>: one verb for each benchmark.</summary>
internal static class Program
{
    private static readonly SortedDictionary<string, (string Help, Func<BenchOptions, Task<Report>> Run)> Verbs = new()
    {
        ["failover"] = ("time until all is well after a fault, beside Docker Swarm, on a lab", FailoverBenchmark.RunAsync),
        ["false-deaths"] = ("an hour of slow hosts: none of them is taken for dead, on a lab", FalseDeathsBenchmark.RunAsync),
        ["hollow-churn"] = ("from a call to a running container at 300 agents without engines", ChurnBenchmark.RunAsync),
        ["hollow-load"] = ("what a manager costs with 300 and 1,000 agents without engines", LoadBenchmark.RunAsync),
        ["speed"] = ("10 and 50 replicas on one node, beside the bare engine and Docker Swarm", SpeedBenchmark.RunAsync),
        ["update"] = ("ten replicas to another image, beside Docker Swarm", UpdateBenchmark.RunAsync),
        ["step"] = ("one turn of the engine at 100, 1,000 and 5,000 nodes", StepBenchmark.RunAsync),
    };

    private static async Task<int> Main(string[] arguments)
    {
        if (BenchOptions.TryParse(arguments) is not { } options || !Verbs.TryGetValue(options.Verb, out var verb)) return Usage();
        var report = await verb.Run(options);
        var text = report.Render(options);
        Console.WriteLine(text);
        if (options.Out is not null) await ReportFile.ReplaceAsync(options.Out, report.Title, text);
        return report.HasFailed ? 1 : 0;
    }

    private static int Usage()
    {
        Console.Error.WriteLine("usage: scripts/bench.sh VERB [--n N] [--out FILE] [--NAME VALUE]...");
        foreach (var (name, verb) in Verbs) Console.Error.WriteLine($"  {name,-14} {verb.Help}");
        return 2;
    }
}
