// SPDX-License-Identifier: Apache-2.0
using System.Text;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Registry;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Credentials;

/// <summary>
/// Opens the cluster's credentials of registries where one is needed, and asks helpers for short-lived ones, which it keeps in memory
/// until shortly before their end. Thread-safe.
/// </summary>
/// <param name="logins">The credentials as the state has them now.</param>
/// <param name="box">Opens them.</param>
/// <param name="helpers">Runs helpers.</param>
/// <param name="time">The clock.</param>
/// <param name="log">For helpers that fail.</param>
internal sealed partial class CredentialDesk(
    Func<IReadOnlyDictionary<string, RegistryLoginRecord>> logins, SecretBox box, IHelperRunner helpers, TimeProvider time,
    ILogger<CredentialDesk> log) : IRegistryCredentials
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Kept> _kept = new(StringComparer.Ordinal);

    /// <summary>Seals a password for the place where it will be stored.</summary>
    public byte[] Seal(string registry, Secret password) =>
        box.Close(Encoding.UTF8.GetBytes(password.Reveal()), StateKeys.Login(registry));

    /// <summary>The credential for a registry; null: there is none.</summary>
    /// <param name="registry">As images name it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="RegistryException">There is one, and it cannot be had.</exception>
    public async ValueTask<RegistryCredential?> FindAsync(string registry, CancellationToken cancellationToken)
    {
        if (!logins().TryGetValue(registry, out var login)) return null;
        if (login.Helper.Length > 0) return await HelpedAsync(login, cancellationToken);
        var plain = box.TryOpen(login.Sealed.Span, StateKeys.Login(registry), out var problem)
            ?? throw new RegistryException(RegistryErrorKind.Refused, registry, $"its credential does not open: {problem}");
        return new RegistryCredential(login.Username, Encoding.UTF8.GetString(plain));
    }

    // Whoever comes while the helper runs gets its answer too.
    private async Task<RegistryCredential> HelpedAsync(RegistryLoginRecord login, CancellationToken cancellationToken)
    {
        Task<HelperAnswer> asking;
        lock (_lock)
        {
            if (!_kept.TryGetValue(login.Registry, out var kept) || kept.IsOver(login, time.GetUtcNow()))
                _kept[login.Registry] = kept = new Kept(login, AskAsync(login));
            asking = kept.Asking;
        }

        return (await asking.WaitAsync(cancellationToken)).Credential;
    }

    private async Task<HelperAnswer> AskAsync(RegistryLoginRecord login)
    {
        await Task.Yield();
        try
        {
            var output = await helpers.AskAsync(login.Helper, login.Registry, CancellationToken.None);
            return HelperAnswer.Read(output, time.GetUtcNow()) ?? throw new InvalidDataException("what it printed is no credential");
        }
        catch (InvalidDataException error)
        {
            LogHelperFailed(login.Helper, login.Registry, error.Message);
            throw new RegistryException(
                RegistryErrorKind.Refused, login.Registry, $"its helper {login.Helper} gave no credential: {error.Message}");
        }
    }

    private sealed record Kept(RegistryLoginRecord Login, Task<HelperAnswer> Asking)
    {
        public bool IsOver(RegistryLoginRecord login, DateTimeOffset now) => !ReferenceEquals(login, Login)
            || Asking.IsFaulted || (Asking.IsCompletedSuccessfully && Asking.Result.Until <= now);
    }

    [LoggerMessage(EventIds.HelperFailed, LogLevel.Warning, "The credential helper {Helper} for {Registry} failed: {Problem}")]
    private partial void LogHelperFailed(string helper, string registry, string problem);
}
