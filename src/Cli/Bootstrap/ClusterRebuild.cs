// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>
/// Begins the next life of a cluster's state with nothing but what its nodes still know: a new authority, a new Consul, an empty state.
/// This
/// node, then all others by <c>join --keep</c>, bring what they run; <c>recover adopt</c> takes it up.
/// </summary>
internal sealed class ClusterRebuild(KnownMachine machine, ClusterPaths paths, IBootstrapReport report, TimeProvider time)
{
    /// <summary>Runs all steps.</summary>
    /// <param name="clusterName">For people; the old name is lost.</param>
    /// <param name="incarnation">The life that begins.</param>
    /// <param name="cancellationToken">Gives up; <c>cluster init</c> resumes.</param>
    /// <exception cref="BootstrapException">A step failed; what to do is in the message.</exception>
    public async Task<InitResult> RunAsync(string clusterName, long incarnation, CancellationToken cancellationToken)
    {
        var options = machine.Options;
        await machine.StopAsync(cancellationToken);
        report.Step("making new authorities: the old ones' keys were with the managers");
        machine.SetAside(incarnation);
        var first = new FirstMachine(options, time);
        var bootstrap = first.NewBootstrap(machine.Node.ClusterId, clusterName);
        var node = first.NewNode(machine.Node.ClusterId, machine.Node.NodeId, incarnation);
        await BootstrapFile.At(paths).WriteAsync(bootstrap, cancellationToken);
        await first.WriteIdentityAsync(node, bootstrap, ClusterKey.Create(), cancellationToken);
        await KnownMachine.ConfirmAsync(paths, incarnation, cancellationToken);
        await NodeFile.At(paths).WriteAsync(node, cancellationToken);
        return await new ClusterInit(options, clusterName, report, time).RunAsync(cancellationToken);
    }
}
