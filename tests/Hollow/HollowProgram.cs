// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Hollow.Cluster;
using ClusterManager.Hollow.Runs;

namespace ClusterManager.Hollow;

/// <summary>The command behind <c>scripts/hollow.sh</c>: a manager with agents that run no containers.</summary>
internal static class HollowProgram
{
    private const string Usage = """
        usage: scripts/hollow.sh soak [--agents N] [--minutes M] [--changes R] [--cuts R] [--crashes R] [--seed S]
        soak   changes, cut connections and crashes, R each second; fails when the manager's memory, handles or threads grow
        """;

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [ManagerProgram.Verb, _, _]) return await ManagerProgram.RunAsync(arguments[1..]);
        if (ParseOptions(arguments) is not { } options) return Help();
        using var stop = new CancellationTokenSource();
        Console.CancelKeyPress += (_, pressed) =>
        {
            pressed.Cancel = true;
            stop.Cancel();
        };
        return arguments.FirstOrDefault() switch
        {
            "soak" => await SoakAsync(options, stop.Token),
            _ => Help(),
        };
    }

    private static Dictionary<string, double>? ParseOptions(string[] arguments)
    {
        var options = new Dictionary<string, double>(StringComparer.Ordinal);
        for (var i = 1; i < arguments.Length; i += 2)
        {
            if (i + 1 == arguments.Length || !double.TryParse(arguments[i + 1], CultureInfo.InvariantCulture, out var value)) return null;
            options[arguments[i]] = value;
        }

        return options;
    }

    private static int Help()
    {
        Console.Error.WriteLine(Usage);
        return 2;
    }

    private static async Task<int> SoakAsync(Dictionary<string, double> given, CancellationToken cancellationToken)
    {
        var options = new SoakOptions();
        options = options with
        {
            Agents = (int)given.GetValueOrDefault("--agents", options.Agents),
            Rounds = Math.Max(4, (int)given.GetValueOrDefault("--minutes", options.Rounds)),
            CutsPerSecond = given.GetValueOrDefault("--cuts", options.CutsPerSecond),
            ChangesPerSecond = given.GetValueOrDefault("--changes", options.ChangesPerSecond),
            CrashesPerSecond = given.GetValueOrDefault("--crashes", options.CrashesPerSecond),
            Seed = (int)given.GetValueOrDefault("--seed", options.Seed),
        };
        var problems = await SoakRun.RunAsync(options, Console.WriteLine, cancellationToken);
        foreach (var problem in problems) Console.WriteLine($"FAILED: {problem}");
        if (problems.Count == 0) Console.WriteLine("nothing grew");
        return problems.Count == 0 ? 0 : 1;
    }
}
