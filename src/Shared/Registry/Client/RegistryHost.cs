// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Registry;

/// <summary>One registry as it is reached.</summary>
/// <param name="Name">As images name it.</param>
/// <param name="Base">Scheme, host and port of its API.</param>
/// <param name="Invoker">Sends to it and to its token service.</param>
internal sealed record RegistryHost(string Name, Uri Base, HttpMessageInvoker Invoker)
{
    /// <summary>It speaks plain HTTP, because it was allowed to.</summary>
    public bool IsPlain => Base.Scheme == Uri.UriSchemeHttp;

    public RegistryException Refused(string text, int? status = null) => new(RegistryErrorKind.Refused, Name, text, status);

    public RegistryException Unavailable(string text, int? status = null) => new(RegistryErrorKind.Unavailable, Name, text, status);

    public RegistryException Protocol(string text, int? status = null) => new(RegistryErrorKind.Protocol, Name, text, status);

    public RegistryException NotFound(string text) => new(RegistryErrorKind.NotFound, Name, text);

    public async ValueTask<RegistryCredential?> FindCredentialAsync(IRegistryCredentials? all, CancellationToken cancellationToken) =>
        all is null ? null : await all.FindAsync(Name, cancellationToken);
}
