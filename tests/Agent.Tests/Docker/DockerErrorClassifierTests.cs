// SPDX-License-Identifier: Apache-2.0
using System.Net;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>What engines say (texts of 20.10 to 28), and what it means.</summary>
public sealed class DockerErrorClassifierTests
{
    private const string Bind = "driver failed programming external connectivity on endpoint t1 (0a1b): ";

    [Theory]
    [InlineData(404, "manifest for 127.0.0.1:5000/app:2 not found: manifest unknown: manifest unknown", DockerErrorKind.ImageNotFound)]
    [InlineData(404, "manifest unknown", DockerErrorKind.ImageNotFound)]
    [InlineData(404, "name unknown: repository name not known to registry", DockerErrorKind.ImageNotFound)]
    [InlineData(null, "no matching manifest for linux/arm64/v8 in the manifest list entries", DockerErrorKind.ImageNotFound)]
    [InlineData(
        404,
        "pull access denied for web, repository does not exist or may require 'docker login': denied: requested access to the " +
        "resource is denied",
        DockerErrorKind.RegistryDenied)]
    [InlineData(
        500,
        "Get \"https://registry.test/v2/web/manifests/1\": unauthorized: authentication required",
        DockerErrorKind.RegistryDenied)]
    [InlineData(500, "Get \"http://127.0.0.1:5000/v2/private/manifests/1\": no basic auth credentials", DockerErrorKind.RegistryDenied)]
    [InlineData(401, "unauthorized: incorrect username or password", DockerErrorKind.RegistryDenied)]
    [InlineData(500, "denied", DockerErrorKind.RegistryDenied)]
    [InlineData(403, "", DockerErrorKind.RegistryDenied)]
    [InlineData(
        500,
        "Get \"https://registry.invalid/v2/\": dial tcp: lookup registry.invalid on 192.0.2.53:53: no such host",
        DockerErrorKind.RegistryUnreachable)]
    [InlineData(
        500,
        "Get \"https://registry.test/v2/\": dial tcp 192.0.2.9:443: connect: connection refused",
        DockerErrorKind.RegistryUnreachable)]
    [InlineData(500, "Get \"https://registry.test/v2/\": dial tcp 192.0.2.9:443: i/o timeout", DockerErrorKind.RegistryUnreachable)]
    [InlineData(
        500,
        "Get \"https://registry.test/v2/\": net/http: request canceled while waiting for connection (Client.Timeout exceeded while " +
        "awaiting headers)",
        DockerErrorKind.RegistryUnreachable)]
    [InlineData(
        500,
        "Get \"https://registry.test/v2/\": http: server gave HTTP response to HTTPS client",
        DockerErrorKind.RegistryUnreachable)]
    [InlineData(
        500,
        "Get \"https://registry.test/v2/\": x509: certificate signed by unknown authority",
        DockerErrorKind.RegistryUnreachable)]
    [InlineData(null, "received unexpected HTTP status: 503 Service Unavailable", DockerErrorKind.RegistryUnreachable)]
    [InlineData(null, "unexpected EOF", DockerErrorKind.RegistryUnreachable)]
    [InlineData(500, "toomanyrequests: You have reached your pull rate limit.", DockerErrorKind.RegistryUnreachable)]
    [InlineData(null, "toomanyrequests: unauthorized pulls are limited", DockerErrorKind.RegistryUnreachable)]
    [InlineData(null, "failed to register layer: write /usr/bin/x: no space left on device", DockerErrorKind.NoSpace)]
    [InlineData(400, "invalid reference format", DockerErrorKind.BadParameter)]
    [InlineData(500, "something else", DockerErrorKind.ServerError)]
    public void Errors_of_registries(int? status, string message, DockerErrorKind kind) =>
        Assert.Equal(kind, Classify(DockerOperation.Registry, status, message));

    [Theory]
    [InlineData(500, Bind + "Bind for 0.0.0.0:8090 failed: port is already allocated", DockerErrorKind.PortTaken)]
    [InlineData(
        500,
        Bind + "Error starting userland proxy: listen tcp4 127.0.0.1:8091: bind: address already in use",
        DockerErrorKind.PortTaken)]
    [InlineData(
        500,
        "failed to set up container networking: " + Bind + "failed to bind host port for 127.0.0.1:8091:172.31.242.2:80/tcp: address " +
        "already in use",
        DockerErrorKind.PortTaken)]
    [InlineData(
        500,
        Bind + "failed to bind host port for 192.0.2.77:8092:172.31.242.2:80/tcp: cannot assign requested address",
        DockerErrorKind.InvalidConfiguration)]
    [InlineData(
        400,
        "failed to create shim: OCI runtime create failed: runc create failed: unable to start container process: exec: \"nosuch\": " +
        "executable file not found in $PATH: unknown",
        DockerErrorKind.InvalidConfiguration)]
    [InlineData(
        400,
        "failed to create task for container: failed to create shim task: OCI runtime create failed: runc create failed: unable to " +
        "start container process: error during container init: exec: \"/x\": stat /x: no such file or directory: unknown",
        DockerErrorKind.InvalidConfiguration)]
    [InlineData(
        400,
        "invalid mount config for type \"bind\": bind source path does not exist: /no/such/source",
        DockerErrorKind.InvalidConfiguration)]
    [InlineData(
        500,
        "linux spec user: unable to find user nosuchuser: no matching entries in passwd file",
        DockerErrorKind.InvalidConfiguration)]
    [InlineData(500, "failed to initialize logging driver: dial tcp: lookup logs.test: no such host", DockerErrorKind.InvalidConfiguration)]
    [InlineData(400, "Minimum memory limit allowed is 6MB", DockerErrorKind.InvalidConfiguration)]
    [InlineData(400, "anything that the engine refuses with 400", DockerErrorKind.InvalidConfiguration)]
    [InlineData(
        500,
        "failed to create shim: fork/exec: resource temporarily unavailable: OCI runtime create failed",
        DockerErrorKind.ServerError)]
    [InlineData(
        500,
        "connection error: desc = \"transport: error while dialing: dial unix /run/containerd.sock: connect: no such file or directory\"",
        DockerErrorKind.ServerError)]
    [InlineData(500, "error creating overlay mount: no space left on device", DockerErrorKind.NoSpace)]
    [InlineData(404, "No such container: nosuch", DockerErrorKind.NotFound)]
    [InlineData(404, "network nosuch not found", DockerErrorKind.NotFound)]
    [InlineData(500, "something else", DockerErrorKind.ServerError)]
    public void Errors_of_starting(int? status, string message, DockerErrorKind kind) =>
        Assert.Equal(kind, Classify(DockerOperation.Start, status, message));

    [Theory]
    [InlineData(404, "No such image: nosuch:9", DockerErrorKind.ImageNotFound)]
    [InlineData(
        409,
        "Conflict. The container name \"/t1\" is already in use by container \"0a1b\". You have to remove (or rename) that container " +
        "to be able to reuse that name.",
        DockerErrorKind.NameTaken)]
    [InlineData(400, "create v: volume name is too short", DockerErrorKind.InvalidConfiguration)]
    public void Errors_of_creating(int? status, string message, DockerErrorKind kind) =>
        Assert.Equal(kind, Classify(DockerOperation.Create, status, message));

    [Theory]
    [InlineData(404, "No such container: nosuch", DockerErrorKind.NotFound)]
    [InlineData(404, "get nosuch: no such volume", DockerErrorKind.NotFound)]
    [InlineData(409, "network with name n1 already exists", DockerErrorKind.NameTaken)]
    [InlineData(409, "Cannot kill container: t1: Container 0a1b is not running", DockerErrorKind.Conflict)]
    [InlineData(
        409,
        "You cannot remove a running container 0a1b. Stop the container before attempting removal or force remove",
        DockerErrorKind.Conflict)]
    [InlineData(409, "removal of container t1 is already in progress", DockerErrorKind.Conflict)]
    [InlineData(409, "remove v: volume is in use - [0a1b]", DockerErrorKind.Conflict)]
    [InlineData(403, "error while removing network: network n1 id 0a1b has active endpoints", DockerErrorKind.Conflict)]
    [InlineData(
        400,
        "client version 1.24 is too old. Minimum supported API version is 1.44, please upgrade your client to a newer version",
        DockerErrorKind.UnsupportedEngine)]
    [InlineData(400, "Invalid signal: SIGNOSUCH", DockerErrorKind.BadParameter)]
    [InlineData(500, "no space left on device", DockerErrorKind.NoSpace)]
    [InlineData(503, "", DockerErrorKind.ServerError)]
    public void Errors_of_other_calls(int? status, string message, DockerErrorKind kind) =>
        Assert.Equal(kind, Classify(DockerOperation.Other, status, message));

    private static DockerErrorKind Classify(DockerOperation operation, int? status, string message) =>
        DockerErrorClassifier.Classify(operation, (HttpStatusCode?)status, message);
}
