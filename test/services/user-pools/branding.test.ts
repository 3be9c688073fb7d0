import {
  CreateManagedLoginBrandingCommand,
  type CreateManagedLoginBrandingCommandInput,
  CreateUserPoolDomainCommand,
  DeleteManagedLoginBrandingCommand,
  DeleteUserPoolClientCommand,
  DescribeManagedLoginBrandingByClientCommand,
  DescribeManagedLoginBrandingCommand,
  GetUICustomizationCommand,
  SetUICustomizationCommand,
  UpdateManagedLoginBrandingCommand,
} from '@aws-sdk/client-cognito-identity-provider';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBench, type TestBench } from '../../harness/bench.ts';
import { addClient, type App, createApp, refused } from './setup.ts';

let bench: TestBench;
beforeAll(async () => {
  bench = await startBench();
});
afterAll(() => bench.stop());

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex');
const CSS = '.banner-customizable { background-color: rgb(1, 2, 3); }';
let domains = 0;

async function appWithDomain(): Promise<App> {
  const app = await createApp(bench);
  domains += 1;
  await app.idp.send(new CreateUserPoolDomainCommand({ UserPoolId: app.userPoolId, Domain: `looks-${domains}` }));
  return app;
}

describe('the classic hosted pages', () => {
  it('[UP-BRAND-1] have a look once the pool has a domain', async () => {
    const { idp, userPoolId } = await createApp(bench);
    await expect(idp.send(new SetUICustomizationCommand({ UserPoolId: userPoolId, CSS }))).rejects.toMatchObject(
      refused('InvalidParameterException', 'There has to be an existing domain associated with this user pool'),
    );
    const { UICustomization } = await idp.send(new GetUICustomizationCommand({ UserPoolId: userPoolId }));
    expect(UICustomization).toEqual({});
  });

  it.each([
    ['@import "other.css";'],
    ['@media print { .banner-customizable { color: red } }'],
    ['.everything { color: red }'],
    ['.banner-customizable { color: red'],
    ['</style><script>'],
  ])('[UP-BRAND-2] refuse the style %s', async (wrong) => {
    const { idp, userPoolId } = await appWithDomain();
    await expect(idp.send(new SetUICustomizationCommand({ UserPoolId: userPoolId, CSS: wrong }))).rejects.toMatchObject(
      { name: 'InvalidParameterException' },
    );
    expect((await idp.send(new GetUICustomizationCommand({ UserPoolId: userPoolId }))).UICustomization).toEqual({});
  });

  it('[UP-BRAND-2] refuse a picture that is too large, or none', async () => {
    const { idp, userPoolId } = await appWithDomain();
    for (const ImageFile of [Buffer.concat([PNG, Buffer.alloc(102_400)]), Buffer.from('GIF89a......')]) {
      await expect(
        idp.send(new SetUICustomizationCommand({ UserPoolId: userPoolId, ImageFile })),
      ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    }
  });

  it('[UP-BRAND-3] show a client its own look, else that of all; the picture is where its address says', async () => {
    const { idp, userPoolId, clientId } = await appWithDomain();
    const get = async (ClientId?: string) => {
      const { UICustomization } = await idp.send(new GetUICustomizationCommand({ UserPoolId: userPoolId, ClientId }));
      return UICustomization!;
    };
    await idp.send(new SetUICustomizationCommand({ UserPoolId: userPoolId, ImageFile: PNG }));
    const all = await get(clientId);
    expect(all).toMatchObject({ UserPoolId: userPoolId, ClientId: 'ALL' });
    const picture = await fetch(all.ImageUrl!);
    expect(picture.headers.get('content-type')).toBe('image/png');
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG);

    await idp.send(new SetUICustomizationCommand({ UserPoolId: userPoolId, ClientId: clientId, CSS }));
    expect(await get(clientId)).toMatchObject({ ClientId: clientId, CSS });
    expect((await get(clientId)).CSSVersion).toMatch(/^\d{14}$/);
    expect(await get('ALL')).not.toHaveProperty('CSS');
    await expect(get('nobodyknowsthisclient')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('managed login', () => {
  const SETTINGS = { components: { form: { borderRadius: 8 } } };
  const ASSET = { Category: 'FORM_LOGO', ColorMode: 'LIGHT', Extension: 'PNG', Bytes: PNG } as const;

  async function brand({ idp, userPoolId, clientId }: App, more: Partial<CreateManagedLoginBrandingCommandInput> = {}) {
    const { ManagedLoginBranding } = await idp.send(
      new CreateManagedLoginBrandingCommand({ UserPoolId: userPoolId, ClientId: clientId, ...more }),
    );
    return ManagedLoginBranding!;
  }

  it('[UP-BRAND-4] takes AWS’s own style or settings, and not both', async () => {
    const app = await createApp(bench);
    const refusal = refused(
      'InvalidParameterException',
      'useCognitoProvidedValues or settings should be specified (but not both)',
    );
    await expect(brand(app)).rejects.toMatchObject(refusal);
    await expect(brand(app, { UseCognitoProvidedValues: true, Settings: SETTINGS })).rejects.toMatchObject(refusal);
    await expect(brand(app, { Settings: ['a list'] })).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(await brand(app, { UseCognitoProvidedValues: true })).toMatchObject({ UseCognitoProvidedValues: true });
    const lite = await createApp(bench, { UserPoolTier: 'LITE' });
    await expect(brand(lite, { UseCognitoProvidedValues: true })).rejects.toMatchObject({
      name: 'InvalidParameterException',
    });
  });

  it('[UP-BRAND-5] gives a client one style, and takes it away with the client', async () => {
    const app = await createApp(bench);
    const made = await brand(app, { Settings: SETTINGS, Assets: [ASSET] });
    await expect(brand(app, { UseCognitoProvidedValues: true })).rejects.toMatchObject({
      name: 'ManagedLoginBrandingExistsException',
    });
    const byClient = new DescribeManagedLoginBrandingByClientCommand({
      UserPoolId: app.userPoolId,
      ClientId: app.clientId,
    });
    const { ManagedLoginBranding: found } = await app.idp.send(byClient);
    expect(found).toMatchObject({ ManagedLoginBrandingId: made.ManagedLoginBrandingId, Settings: SETTINGS });
    expect(Buffer.from(found!.Assets![0]!.Bytes!)).toEqual(PNG);
    await app.idp.send(new DeleteUserPoolClientCommand({ UserPoolId: app.userPoolId, ClientId: app.clientId }));
    await expect(
      app.idp.send(
        new DescribeManagedLoginBrandingCommand({
          UserPoolId: app.userPoolId,
          ManagedLoginBrandingId: made.ManagedLoginBrandingId,
        }),
      ),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('[UP-BRAND-6] keeps a picture that an update names, and refuses one that is nowhere', async () => {
    const app = await createApp(bench);
    for (const Assets of [
      [{ ...ASSET, Bytes: undefined }],
      [{ ...ASSET, Bytes: undefined, ResourceId: 'unheard of' }],
      [ASSET, ASSET],
      [{ ...ASSET, Category: 'FAVICON_ICO' as const }],
    ]) {
      await expect(brand(app, { Settings: SETTINGS, Assets })).rejects.toMatchObject({
        name: 'InvalidParameterException',
      });
    }
    const made = await brand(app, { Settings: SETTINGS, Assets: [ASSET] });
    const { ManagedLoginBranding } = await app.idp.send(
      new UpdateManagedLoginBrandingCommand({
        UserPoolId: app.userPoolId,
        ManagedLoginBrandingId: made.ManagedLoginBrandingId,
        Settings: { other: true },
        Assets: [{ ...ASSET, Bytes: undefined, ResourceId: made.Assets![0]!.ResourceId }],
      }),
    );
    expect(ManagedLoginBranding!.Settings).toEqual({ other: true });
    expect(Buffer.from(ManagedLoginBranding!.Assets![0]!.Bytes!)).toEqual(PNG);
  });

  it('[UP-BRAND-7] does not find another pool’s style, nor one without its names', async () => {
    const [one, other] = [await createApp(bench), await createApp(bench)];
    const { ManagedLoginBrandingId } = await brand(one, { Settings: SETTINGS });
    const foreign = { UserPoolId: other.userPoolId, ManagedLoginBrandingId };
    await expect(other.idp.send(new DeleteManagedLoginBrandingCommand(foreign))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
    await expect(
      other.idp.send(new UpdateManagedLoginBrandingCommand({ UserPoolId: one.userPoolId })),
    ).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await one.idp.send(new DeleteManagedLoginBrandingCommand({ ...foreign, UserPoolId: one.userPoolId }));
    const second = await addClient(one.idp, one.userPoolId);
    await expect(
      one.idp.send(
        new DescribeManagedLoginBrandingByClientCommand({ UserPoolId: one.userPoolId, ClientId: second.clientId }),
      ),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});
