// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Cli.Compose.Sections;

/// <summary>What has been read of a service so far. The order of keys must not matter, so what depends on others is decided at the
/// end.</summary>
internal sealed class ServiceDraft
{
    /// <summary>The spec, without what is decided at the end.</summary>
    public required ServiceSpec Spec { get; set; }

    /// <summary>True when <c>image</c> was given.</summary>
    public bool HasImage { get; set; }

    /// <summary>Shortcut to the container's part.</summary>
    public ContainerSpec Container
    {
        get => Spec.Container;
        set => Spec = Spec with { Container = value };
    }

    /// <summary>Shortcut to limits and reservations.</summary>
    public ResourceSpec Resources
    {
        get => Spec.Resources;
        set => Spec = Spec with { Resources = value };
    }

    /// <summary>Variables of <c>environment</c>; they win over <see cref="EnvironmentFiles"/>.</summary>
    public Dictionary<string, string> Environment { get; } = new(StringComparer.Ordinal);

    /// <summary>Variables of <c>env_file</c>.</summary>
    public Dictionary<string, string> EnvironmentFiles { get; } = new(StringComparer.Ordinal);

    /// <summary>Of <c>restart</c>; null: not there.</summary>
    public RestartPolicy? Restart { get; set; }

    /// <summary>Of <c>deploy.restart_policy</c>; it wins over <see cref="Restart"/>.</summary>
    public RestartPolicy? DeployRestart { get; set; }

    /// <summary>Of <c>healthcheck</c>; null: not there.</summary>
    public HealthSpec? Healthcheck { get; set; }

    /// <summary>Of <c>x-cluster.health</c>; null: not there.</summary>
    public HealthSpec? Probe { get; set; }

    /// <summary>Where <c>x-cluster.health</c> stands.</summary>
    public Value ProbeValue { get; set; }
}
