// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>
/// A call to the engine did not succeed. <see cref="Exception.Message"/> is the engine's own text, fit for an operator;
/// it never contains the credentials that were sent.
/// </summary>
public sealed class DockerException : Exception
{
    /// <summary>Creates the exception of one failed call.</summary>
    /// <param name="kind">What to act upon.</param>
    /// <param name="message">The engine's text, or ours when the engine did not answer.</param>
    /// <param name="statusCode">The HTTP status, or null when the failure came without one.</param>
    /// <param name="innerException">The cause, when it was an exception.</param>
    public DockerException(DockerErrorKind kind, string message, int? statusCode = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Kind = kind;
        StatusCode = statusCode;
    }

    /// <summary>What to act upon.</summary>
    public DockerErrorKind Kind { get; }

    /// <summary>The HTTP status, or null when the engine did not answer or failed inside a stream.</summary>
    public int? StatusCode { get; }
}
