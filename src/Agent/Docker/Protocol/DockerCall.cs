// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Docker;

/// <summary>One request to the engine.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Path and query, without the version in front.</param>
/// <param name="Operation">How its errors are to be read.</param>
internal sealed record DockerCall(HttpMethod Method, string Path, DockerOperation Operation = DockerOperation.Other)
{
    /// <summary>The JSON to send, or null for no body.</summary>
    public byte[]? Body { get; init; }

    /// <summary>The value of X-Registry-Auth, or null. Secret: never in texts.</summary>
    public string? RegistryAuth { get; init; }

    /// <summary>
    /// After this an ordinary call has failed; for a stream, the time until the engine has accepted. Null for the client's usual one.
    /// </summary>
    public TimeSpan? Deadline { get; init; }

    /// <summary>A GET.</summary>
    public static DockerCall Get(string path, DockerOperation operation = DockerOperation.Other) => new(HttpMethod.Get, path, operation);

    /// <summary>A POST.</summary>
    public static DockerCall Post(string path, DockerOperation operation = DockerOperation.Other) => new(HttpMethod.Post, path, operation);

    /// <summary>A DELETE.</summary>
    public static DockerCall Delete(string path, DockerOperation operation = DockerOperation.Other) =>
        new(HttpMethod.Delete, path) { Operation = operation };

    /// <summary>Method and path, for texts; the query stays out, it may be long.</summary>
    public override string ToString() => $"{Method} {Path.Split('?')[0]}";
}
