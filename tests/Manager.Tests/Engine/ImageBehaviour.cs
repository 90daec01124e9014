// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Tests.Engine;

/// <summary>What containers of an image do in the model.</summary>
public enum ImageBehaviour
{
    Good,
    Crashes,
    CrashesAfter3s,
    CompletesAtOnce,
    FailsForGood,
    Unhealthy,
    InvalidConfiguration,
    NeverStarts,

    /// <summary>Has crashed twice before anybody looked, and serves.</summary>
    ServesBetweenCrashes,
}
