// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using ClusterManager.Lab.Tests.Harness;
using ClusterManager.Load;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Update;

/// <summary>Requests to one side's service, from before its updates until after.</summary>
internal sealed class Calls
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(3);
    private readonly RunningCommand _command;
    private readonly string _until;

    private Calls(RunningCommand command, string until) => (_command, _until) = (command, until);

    /// <summary>Begins, and lets them find their way.</summary>
    public static async Task<Calls> BeginAsync(LabHosts lab, UpdateSide side, int rate)
    {
        var until = Path.Combine(lab.Directory, $"until-{side.Name.Replace(' ', '-')}");
        File.Delete(until);
        var calls = new Calls(await side.CallAsync(rate, until), until);
        await Task.Delay(Rest, TimeProvider.System);
        return calls;
    }

    /// <summary>Ends them a while after the last update: how many requests, how many failed, how many were sent twice.</summary>
    public async Task<string> EndAsync()
    {
        await Task.Delay(Rest, TimeProvider.System);
        await File.WriteAllTextAsync(_until, "");
        var result = await _command.EndAsync(TimeSpan.FromSeconds(60));
        await _command.DisposeAsync();
        var sum = LoadJournal.ReadSums(result.Lines).Single();
        return string.Create(CultureInfo.InvariantCulture, $"{sum.Requests}, {sum.Failed} ({sum.Retries})");
    }
}
