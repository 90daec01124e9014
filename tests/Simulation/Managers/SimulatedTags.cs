// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Tracking;
using ClusterManager.Registry;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Docker;

namespace ClusterManager.Simulation.Managers;

/// <summary>The registry as a manager reads it.</summary>
internal sealed class SimulatedTags(MovingTags tags, SeededStream chance, TimeProvider time) : ITagReader
{
    public async Task<string> DigestAsync(string image, CancellationToken cancellationToken)
    {
        await Task.Delay(chance.Between(5, 300), time, cancellationToken);
        if (tags.IsAway) throw new RegistryException(RegistryErrorKind.Unavailable, "registry.test", "no answer");
        var target = tags.TargetOf(image);
        return SimulatedRegistry.BehaviourOf(target) == ImageBehaviour.Missing
            ? throw new RegistryException(RegistryErrorKind.NotFound, "registry.test", "manifest unknown")
            : SimulatedRegistry.DigestOf(target);
    }

    public Task<IReadOnlyList<string>> TagsAsync(string image, CancellationToken cancellationToken) =>
        throw new RegistryException(RegistryErrorKind.NotFound, "registry.test", "no service of the simulation follows versions");
}
