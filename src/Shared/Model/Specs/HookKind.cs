// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Model;

/// <summary>When in a rollout a hook runs.</summary>
public enum HookKind
{
    /// <summary>It is no hook.</summary>
    None = 0,

    /// <summary>Before a container of the service is touched.</summary>
    PreDeploy = 1,

    /// <summary>When all new replicas are good, before the verdict.</summary>
    PostDeploy = 2,
}
