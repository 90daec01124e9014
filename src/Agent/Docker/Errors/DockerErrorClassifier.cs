// SPDX-License-Identifier: Apache-2.0
using System.Net;

namespace ClusterManager.Agent.Docker;

/// <summary>
/// Turns what an engine says into a <see cref="DockerErrorKind"/>. Pure. The engine has no error codes beyond the HTTP status, and
/// answers 500 for much that is the caller's fault, so that its texts (20.10 to 28) have to be read.
/// The first rule that matches wins; the more specific texts come first.
/// </summary>
internal static class DockerErrorClassifier
{
    private static readonly (DockerErrorKind Kind, string[] Texts)[] RegistryRules =
    [
        (DockerErrorKind.RegistryUnreachable,
            ["toomanyrequests", "too many requests", "status: 429", "rate limit"]),
        (DockerErrorKind.ImageNotFound,
            ["manifest unknown", "manifest_unknown", "name unknown", "name_unknown", "no matching manifest", "repository name not known",
             "unsupported manifest media type", "unsupported media type"]),
        (DockerErrorKind.RegistryDenied,
            // To a HEAD request, which has no body, a registry's 403 becomes the single word "denied".
            ["denied", "unauthorized", "authentication required", "no basic auth credentials", "access forbidden", "status: 401",
             "status: 403", "incorrect username or password"]),
        (DockerErrorKind.RegistryUnreachable,
            ["no such host", "connection refused", "connection reset", "i/o timeout", "network is unreachable", "no route to host",
             "server misbehaving", "temporary failure in name resolution", "tls handshake timeout", "client.timeout exceeded",
             "request canceled while waiting for connection", "context deadline exceeded", "x509:", "tls:",
             "server gave http response to https client", "received unexpected http status: 5", "unexpected status: 5",
             "unexpected status from get request", "unexpected eof", ": eof", "500 internal server error", "502 bad gateway",
             "503 service unavailable", "504 gateway", "invalid character '<'", "filesystem layer verification failed"]),
        (DockerErrorKind.ImageNotFound,
            ["not found", "no such image"]),
    ];

    private static readonly (DockerErrorKind Kind, string[] Texts)[] RunRules =
    [
        (DockerErrorKind.PortTaken,
            ["port is already allocated", "address already in use", "ports are not available"]),
        (DockerErrorKind.ServerError,
            ["resource temporarily unavailable", "too many open files", "cannot allocate memory", "context deadline exceeded",
             "context canceled", "connection refused", "ttrpc: closed", "containerd: ", "containerd.sock", "dial unix",
             "transport is closing"]),
        (DockerErrorKind.InvalidConfiguration,
            ["executable file not found", "no such file or directory", "permission denied", "not a directory", "is a directory",
             "exec format error", "oci runtime create failed", "unable to find user", "unable to find group", "no matching entries in",
             "bind source path does not exist", "invalid mount", "cannot assign requested address", "unknown or invalid runtime",
             "unknown capability", "invalid capability", "no command specified", "logging driver", "log driver", "unknown log opt"]),
    ];

    /// <summary>Says what an answer means.</summary>
    /// <param name="operation">The call that failed.</param>
    /// <param name="status">The HTTP status; null for an error inside a stream that began with 200.</param>
    /// <param name="message">The engine's text.</param>
    /// <returns>The kind; <see cref="DockerErrorKind.ServerError"/> when nothing more can be told.</returns>
    public static DockerErrorKind Classify(DockerOperation operation, HttpStatusCode? status, string message)
    {
        if (ContainsAny(message, ["no space left on device", "disk quota exceeded"]))
            return DockerErrorKind.NoSpace;
        if (ContainsAny(message, ["is too old. minimum supported api version", "is too new. maximum supported api version"]))
            return DockerErrorKind.UnsupportedEngine;
        return operation switch
        {
            DockerOperation.Registry => OfRegistry(status, message),
            DockerOperation.Create or DockerOperation.Start => OfRun(status, message),
            _ => OfStatus(operation, status, message),
        };
    }

    private static DockerErrorKind OfRegistry(HttpStatusCode? status, string message)
    {
        if (status == HttpStatusCode.BadRequest || ContainsAny(message, ["invalid reference format"]))
            return DockerErrorKind.BadParameter;
        return FirstMatch(RegistryRules, message) ?? status switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => DockerErrorKind.RegistryDenied,
            HttpStatusCode.NotFound => DockerErrorKind.ImageNotFound,
            _ => DockerErrorKind.ServerError,
        };
    }

    private static DockerErrorKind OfRun(HttpStatusCode? status, string message)
    {
        if (status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            return OfStatus(DockerOperation.Other, status, message);
        return FirstMatch(RunRules, message)
            ?? (status == HttpStatusCode.BadRequest ? DockerErrorKind.InvalidConfiguration : DockerErrorKind.ServerError);
    }

    private static DockerErrorKind OfStatus(DockerOperation operation, HttpStatusCode? status, string message) => status switch
    {
        HttpStatusCode.NotFound when operation == DockerOperation.Image || ContainsAny(message, ["no such image"])
            => DockerErrorKind.ImageNotFound,
        HttpStatusCode.NotFound => DockerErrorKind.NotFound,
        HttpStatusCode.Conflict when ContainsAny(message, ["is already in use by container", "already exists"])
            => DockerErrorKind.NameTaken,
        HttpStatusCode.Conflict => DockerErrorKind.Conflict,
        HttpStatusCode.BadRequest => DockerErrorKind.BadParameter,
        // Removing a network that still has containers.
        HttpStatusCode.Forbidden => DockerErrorKind.Conflict,
        _ => DockerErrorKind.ServerError,
    };

    private static DockerErrorKind? FirstMatch((DockerErrorKind Kind, string[] Texts)[] rules, string message)
    {
        foreach (var (kind, texts) in rules)
        {
            if (ContainsAny(message, texts))
                return kind;
        }
        return null;
    }

    private static bool ContainsAny(string message, ReadOnlySpan<string> texts)
    {
        foreach (var text in texts)
        {
            if (message.Contains(text, StringComparison.OrdinalIgnoreCase))
                return true;
        }
        return false;
    }
}
