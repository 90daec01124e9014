// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Simulation.Docker;

/// <summary>How an image behaves wherever it runs. The first word of its tag says which.</summary>
internal enum ImageBehaviour
{
    /// <summary>Runs, is well, and ends at once when asked to.</summary>
    Good,

    /// <summary>Ends by itself with a failure, again and again.</summary>
    Crash,

    /// <summary>The engine cannot start it.</summary>
    NoStart,

    /// <summary>Cannot be pulled, though the registry names its digest.</summary>
    NoPull,

    /// <summary>No registry knows it.</summary>
    Missing,

    /// <summary>Takes minutes to pull.</summary>
    SlowPull,

    /// <summary>Runs and never becomes well.</summary>
    Sick,

    /// <summary>Runs and ignores the stop signal.</summary>
    Stubborn,

    /// <summary>Runs well, and crashes once in a while.</summary>
    Shaky,
}
