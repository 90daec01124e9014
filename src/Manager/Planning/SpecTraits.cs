// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning;

/// <summary>What planning asks of a spec.</summary>
internal static class SpecTraits
{
    /// <summary>Names of its named volumes, in order, each once.</summary>
    public static IEnumerable<string> NamedVolumes(this ServiceSpec spec) =>
        spec.Container.Mounts.Where(mount => mount is { Kind: MountKind.Volume, Source: not null })
            .Select(mount => mount.Source!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public static bool IsGlobal(this ServiceSpec spec) => spec.Mode == ServiceMode.Global;

    /// <summary>What a container of the two revisions is made of is the same.</summary>
    public static bool SameTemplate(this RevisionRecord one, RevisionRecord other) =>
        one.Number == other.Number
        || (one.TemplateHash == other.TemplateHash && (one.Image is null || other.Image is null || one.Image.Pinned == other.Image.Pinned));
}
