// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;
using ClusterManager.Model;

namespace ClusterManager.Agent.Allocations;

/// <summary>What goes wrong, as reasons with a sentence for the operator. Pure.</summary>
internal static class FailureReasons
{
    private const int TextLengthMax = 512;
    private const int CrashLoopFrom = 3;

    /// <summary>Somebody removed the container.</summary>
    public static Reason RemovedByHand { get; } = new(ReasonCode.RemovedByHand, "the container was removed by hand");

    /// <summary>A hook that an earlier life of the agent had, and that left no container.</summary>
    public static Reason HookUnknown { get; } = new(
        ReasonCode.HookFailed, "left no container and its agent was restarted: whether it has run is not known, and it is not run twice");

    /// <summary>A pull that failed, or an image that was looked up in vain.</summary>
    public static Reason OfImage(string image, DockerException error) => error.Kind switch
    {
        DockerErrorKind.ImageNotFound => Of(ReasonCode.ImageNotFound, $"image {image}: {error.Message}"),
        DockerErrorKind.RegistryDenied => Of(ReasonCode.RegistryDenied, $"image {image}: {error.Message}"),
        DockerErrorKind.RegistryUnreachable => Of(ReasonCode.RegistryUnreachable, $"image {image}: {error.Message}"),
        DockerErrorKind.Timeout => Of(ReasonCode.RegistryUnreachable, $"image {image}: no progress of the pull in time"),
        _ => Of(ReasonCode.PullFailed, $"image {image}: {error.Message}"),
    };

    /// <summary>An image that only other nodes can have.</summary>
    public static Reason NotOnNode(string image) =>
        Of(ReasonCode.ImageNotOnNode, $"image {image} is in no registry and this node does not have it");

    /// <summary>A create or start that the engine refused.</summary>
    public static Reason OfRun(DockerException error) => error.Kind switch
    {
        DockerErrorKind.PortTaken => Of(ReasonCode.PortTaken, error.Message),
        DockerErrorKind.ImageNotFound => Of(ReasonCode.ImageNotFound, error.Message),
        DockerErrorKind.InvalidConfiguration when IsCommand(error.Message) => Of(ReasonCode.CommandNotFound, error.Message),
        DockerErrorKind.InvalidConfiguration or DockerErrorKind.BadParameter => Of(ReasonCode.InvalidConfiguration, error.Message),
        DockerErrorKind.EngineUnavailable or DockerErrorKind.UnsupportedEngine => Of(ReasonCode.EngineUnavailable, error.Message),
        _ => Of(ReasonCode.EngineError, error.Message),
    };

    /// <summary>The range of dynamic ports is used up.</summary>
    public static Reason NoPortLeft(int first, int last) =>
        Of(ReasonCode.PortTaken, $"no port is free in the node's range {first}-{last}");

    /// <summary>A process that ended by itself with a failure.</summary>
    public static Reason Ended(int exitCode, bool outOfMemory, int endsInARow) =>
        outOfMemory ? Of(ReasonCode.OutOfMemory, $"out of memory: the kernel killed it (exit code {exitCode})")
        : endsInARow >= CrashLoopFrom ? Of(ReasonCode.CrashLoop, $"ended {endsInARow} times in a row, last with exit code {exitCode}")
        : Of(ReasonCode.Exited, $"the process ended with exit code {exitCode}");

    /// <summary>The health check fails.</summary>
    public static Reason Unhealthy(string output) =>
        output.Length == 0
            ? Of(ReasonCode.Unhealthy, "the health check fails")
            : Of(ReasonCode.Unhealthy, $"the health check fails: {output.ReplaceLineEndings(" ")}");

    /// <summary>What stands there while a back-off runs: the failure, or that even successes follow each other too fast.</summary>
    public static Reason? Waiting(AllocationFacts facts, AttemptEnd end) =>
        end.IsSuccess && facts.History.EndsInARow >= CrashLoopFrom
            ? Of(ReasonCode.CrashLoop, $"ended {facts.History.EndsInARow} times in a row, last with exit code 0")
            : facts.Reason;

    private static bool IsCommand(string message) =>
        message.Contains("executable file not found", StringComparison.OrdinalIgnoreCase)
        || message.Contains("no such file or directory", StringComparison.OrdinalIgnoreCase)
        || (message.Contains("exec", StringComparison.OrdinalIgnoreCase)
            && message.Contains("permission denied", StringComparison.OrdinalIgnoreCase));

    private static Reason Of(ReasonCode code, string text) => new(code, text.Length <= TextLengthMax ? text : text[..TextLengthMax]);
}
