// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics;
using ClusterManager.Cli.Contexts;
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Hosting.Security;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Cli.Tests.Shell;

/// <summary>Ctrl-C as the terminal sends it: a real process gets a real SIGINT.</summary>
public sealed class InterruptTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("cm-cli-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Sigint_detaches_says_that_the_cluster_goes_on_and_ends_with_130()
    {
        using var authority = ClusterCertificateAuthority.Create(new string('a', 32), TimeProvider.System);
        var identity = new PeerIdentity(PeerRole.Manager, new string('1', 32), authority.ClusterId);
        using var manager = authority.IssueWithKey(identity, ["127.0.0.1"]);
        await using var cluster = await FakeCluster.StartAsync(manager.Certificate);
        cluster.On((V1.ScaleRequest _) => new V1.ScaleResponse
        {
            Services = { Script.Applied("web", 3, V1.AppliedService.Types.Change.Scaled) },
        });
        cluster.Snapshots.Writer.TryWrite(Script.Snapshot(Script.Service("web", 3, V1.RolloutState.Running, 1)));
        await SaveContextAsync(authority, cluster.Address);
        using var limit = new CancellationTokenSource(Limit);

        using var process = Start("scale", "web=1");
        try
        {
            var error = "";
            // The limit is said once the first word of the cluster came: now it waits.
            while (await process.StandardError.ReadLineAsync(limit.Token) is { } line)
            {
                error += line + "\n";
                if (!line.StartsWith("Limit ", StringComparison.Ordinal)) continue;
                using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
                await kill.WaitForExitAsync(limit.Token);
            }

            await process.WaitForExitAsync(limit.Token);
            Assert.Equal((130, ""), (process.ExitCode, await process.StandardOutput.ReadToEndAsync(limit.Token)));
            Assert.EndsWith("Detached: the cluster goes on. To see how: cluster ps web; the same command again waits again.\n", error,
                StringComparison.Ordinal);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private Process Start(params string[] words)
    {
        var program = Path.Combine(AppContext.BaseDirectory, "cluster.dll");
        var start = new ProcessStartInfo(Environment.ProcessPath!, [program, .. words])
        {
            RedirectStandardError = true, RedirectStandardOutput = true, RedirectStandardInput = true,
            Environment = { ["CLUSTER_CONFIG"] = Path.Combine(_folder.FullName, "config.yaml") },
        };
        if (!Path.GetFileName(start.FileName).StartsWith("dotnet", StringComparison.Ordinal)) start.FileName = "dotnet";
        return Process.Start(start)!;
    }

    private async Task SaveContextAsync(ClusterCertificateAuthority authority, string address)
    {
        using var pair = authority.IssueWithKey(new PeerIdentity(PeerRole.Operator, "admin", authority.ClusterId), ["127.0.0.1"]);
        var context = new ClusterContext
        {
            Name = "c", Managers = [address], CaPem = authority.CertificatePem, CertificatePem = pair.CertificatePem,
            KeyPem = pair.PrivateKeyPem.Reveal(),
        };
        await new ContextFile { Path = Path.Combine(_folder.FullName, "config.yaml") }.With(context).SaveAsync(CancellationToken.None);
    }
}
